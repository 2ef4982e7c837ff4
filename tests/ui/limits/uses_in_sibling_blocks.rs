//! Two `use` of one name in blocks that suspend.

#[coloop::coroutine]
async fn function() -> u32 {
    let one = {
        use std::cmp::min as pick;
        std::future::ready(pick(1, 2)).await
    };
    let two = {
        use std::cmp::max as pick;
        std::future::ready(pick(1, 2)).await
    };
    one + two
}

fn main() {
    drop(function());
}
