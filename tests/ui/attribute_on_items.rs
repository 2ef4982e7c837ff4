//! Every other kind of item, with what to do instead where that is known.

#[coloop::coroutine]
enum Enum {
    Variant,
}

#[coloop::coroutine]
trait Trait {}

#[coloop::coroutine]
impl Enum {
    async fn method(&self) {}
}

#[coloop::coroutine]
mod module {
    pub async fn function() {}
}

#[coloop::coroutine]
const CONSTANT: u32 = 1;

#[coloop::coroutine]
static STATIC: u32 = 1;

#[coloop::coroutine]
type Alias = Enum;

#[coloop::coroutine]
use std::fmt::Debug;

#[coloop::coroutine]
union Union {
    field: u32,
}

#[coloop::coroutine]
macro_rules! rules {
    () => {};
}

fn debug(_: impl Debug) {}

fn main() {
    let _: Alias = Enum::Variant;
    drop(Enum::Variant.method());
    drop(module::function());
    debug(CONSTANT + STATIC);
    let union = Union { field: 1 };
    debug(unsafe { union.field });
    rules!();
    fn implements<T: Trait>() {}
    let _ = implements::<Implementor>;
    struct Implementor;
    impl Trait for Implementor {}
}
