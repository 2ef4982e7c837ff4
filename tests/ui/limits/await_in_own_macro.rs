//! `.await` in an operand of a macro that is not the standard library's.

macro_rules! twice {
    ($e:expr) => {
        $e + $e
    };
}

#[coloop::coroutine]
async fn function() -> u32 {
    twice!(std::future::ready(1).await)
}

fn main() {
    drop(function());
}
