//! A field of a type with a `Drop` that is a reference, cast to a raw pointer.

struct Guard<'a> {
    value: &'a mut u32,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        *self.value += 1;
    }
}

#[coloop::coroutine]
async fn function(guard: Guard<'_>) {
    std::future::ready(()).await;
    let at = guard.value as *mut u32;
    drop(at);
}

fn main() {
    drop(function(Guard { value: &mut 1 }));
}
