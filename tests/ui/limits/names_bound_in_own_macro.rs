//! Operands of a macro that is not the standard library's, which bind the name of a variable again.

macro_rules! run {
    ($($tokens:tt)*) => {
        $($tokens)*
    };
}

#[coloop::coroutine]
async fn function() -> u32 {
    let x = std::future::ready(5).await;
    let a = run!({
        let x = 2;
        x + 1
    });
    let b = run!((|x: u32| x + 1)(2));
    let c = run!(match Some(1) {
        Some(x) => x,
        None => 0,
    });
    std::future::ready(()).await;
    a + b + c + x
}

fn main() {
    drop(function());
}
