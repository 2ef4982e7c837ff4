//! `#[coloop::test]`, used as `#[test]` is. What a program does with `#[coloop::main]` is in the documentation of the macro.

use std::num::ParseIntError;
use std::time::Duration;

#[coloop::test]
async fn runs_in_an_event_loop() {
    coloop::sleep(Duration::from_millis(1)).await;
    let task = coloop::spawn(async { 42 });
    assert_eq!(task.await.expect("the task ends"), 42);
}

#[coloop::test]
async fn without_a_suspension() {}

#[coloop::test]
#[should_panic(expected = "after the suspension")]
async fn panic_is_the_test_s() {
    coloop::yield_now().await;
    panic!("after the suspension");
}

#[coloop::test(virtual_time)]
async fn an_hour_in_no_time() {
    let (started, now) = (std::time::Instant::now(), coloop::now());
    coloop::sleep(Duration::from_secs(3600)).await;
    assert!(coloop::now() - now >= Duration::from_secs(3600));
    assert!(started.elapsed() < Duration::from_secs(600));
}

#[coloop::test(detect_deadlocks, seed = 3 + 4, debug = false)]
#[should_panic(expected = "deadlock")]
async fn nobody_sets_it() {
    coloop::Event::new().wait().await;
}

#[coloop::test]
#[ignore = "would fail"]
async fn ignored() {
    coloop::yield_now().await;
    panic!("is not run");
}

#[coloop::test]
#[cfg(any())]
async fn left_out() {
    missing().await;
}

#[coloop::test]
async fn result() -> Result<(), ParseIntError> {
    let text = std::future::ready("1").await;
    assert_eq!(text.parse::<u32>()?, 1);
    Ok(())
}

#[coloop::test]
async fn inner_attributes() {
    #![allow(unused_variables)]
    let unused = 1;
    coloop::yield_now().await;
}

#[coloop::test]
async fn item_in_the_body() {
    async fn helper() -> u32 {
        1
    }
    assert_eq!(helper().await, 1);
}
