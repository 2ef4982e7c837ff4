//! `macro_rules!` are in force from where they stand; here they are in the whole body.

#[coloop::coroutine]
async fn function() -> u32 {
    macro_rules! k {
        () => {
            1
        };
    }
    let a = std::future::ready(k!()).await;
    macro_rules! k {
        () => {
            2
        };
    }
    a + k!()
}

fn main() {
    drop(function());
}
