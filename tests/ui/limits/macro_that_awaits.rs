//! A macro of the user's whose definition has the `.await`.

macro_rules! wait {
    ($e:expr) => {
        std::future::ready($e).await
    };
}

#[coloop::coroutine]
async fn function() -> u32 {
    wait!(1) + std::future::ready(2).await
}

fn main() {
    drop(function());
}
