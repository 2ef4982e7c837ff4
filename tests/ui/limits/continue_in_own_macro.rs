//! A macro that is not the standard library's and leaves a loop that suspends.

macro_rules! skip_if {
    ($condition:expr) => {
        if $condition {
            continue;
        }
    };
}

macro_rules! run {
    ($($tokens:tt)*) => {
        $($tokens)*
    };
}

#[coloop::coroutine]
async fn function() {
    for n in 0..3 {
        std::future::ready(()).await;
        run!(if n == 1 { continue });
    }
}

#[coloop::coroutine]
async fn hidden() {
    for n in 0..3 {
        std::future::ready(()).await;
        skip_if!(n == 1);
    }
}

fn main() {
    drop(function());
    drop(hidden());
}
