//! `break` in an operand of a macro that is not the standard library's, out of a loop that suspends.

macro_rules! same {
    ($e:expr) => {
        $e
    };
}

#[coloop::coroutine]
async fn function() -> u32 {
    loop {
        let n = std::future::ready(1).await;
        same!(if n > 0 {
            break n;
        });
    }
}

fn main() {
    drop(function());
}
