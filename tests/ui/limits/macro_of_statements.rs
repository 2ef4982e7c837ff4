//! A macro that is not the standard library's and expands to statements.

struct Deferred<F: FnMut()>(F);

impl<F: FnMut()> Drop for Deferred<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

macro_rules! defer {
    ($($body:tt)*) => {
        let _deferred = Deferred(|| { $($body)* });
    };
}

macro_rules! both {
    ($first:expr, $second:expr) => {
        $first;
        $second;
    };
}

#[coloop::coroutine]
async fn declares() {
    defer! { println!("the end"); }
    std::future::ready(()).await;
}

#[coloop::coroutine]
async fn several() {
    both!(println!("one"), println!("two"));
    std::future::ready(()).await;
}

fn main() {
    drop((declares(), several()));
}
