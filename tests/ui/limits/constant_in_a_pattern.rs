//! A constant declared in the body with a name in lower case, in a pattern.

#![allow(non_upper_case_globals)]

#[coloop::coroutine]
async fn function() -> u32 {
    const limit: u32 = 3;
    match std::future::ready(3).await {
        limit => std::future::ready(1).await,
        other => other,
    }
}

fn main() {
    drop(function());
}
