//! rustc counts the types that the size of a future is made of, one inside of the other; here there are more of them.

use std::future::ready;

#[coloop::coroutine]
async fn f1() {
    f2().await;
}

#[coloop::coroutine]
async fn f2() {
    f3().await;
}

#[coloop::coroutine]
async fn f3() {
    f4().await;
}

#[coloop::coroutine]
async fn f4() {
    f5().await;
}

#[coloop::coroutine]
async fn f5() {
    f6().await;
}

#[coloop::coroutine]
async fn f6() {
    f7().await;
}

#[coloop::coroutine]
async fn f7() {
    f8().await;
}

#[coloop::coroutine]
async fn f8() {
    f9().await;
}

#[coloop::coroutine]
async fn f9() {
    f10().await;
}

#[coloop::coroutine]
async fn f10() {
    f11().await;
}

#[coloop::coroutine]
async fn f11() {
    f12().await;
}

#[coloop::coroutine]
async fn f12() {
    f13().await;
}

#[coloop::coroutine]
async fn f13() {
    f14().await;
}

#[coloop::coroutine]
async fn f14() {
    f15().await;
}

#[coloop::coroutine]
async fn f15() {
    f16().await;
}

#[coloop::coroutine]
async fn f16() {
    ready(()).await;
}

fn main() {
    coloop::run(f1());
}
