//! Lints about how things are written.
#![warn(nonstandard_style, future_incompatible, let_underscore_drop, single_use_lifetimes, unused_lifetimes)]
#![warn(unused_qualifications, trivial_casts, trivial_numeric_casts, unused_results, variant_size_differences)]
#![warn(elided_lifetimes_in_paths, explicit_outlives_requirements, missing_docs, unreachable_pub)]

/// Gives one.
pub async fn n() -> u32 {
    1
}

#[coloop::coroutine]
async fn camelCase(Argument: u32) -> u32 {
    let Local = n().await;
    Local + Argument
}

#[coloop::coroutine]
pub async fn undocumented() -> u32 {
    n().await
}

#[coloop::coroutine]
async fn casts(a: u32, list: Vec<u32>) -> u32 {
    let b = n().await as u32;
    let c = &list as &Vec<u32>;
    b + a as u32 + c[0]
}

#[coloop::coroutine]
async fn overflows() -> u8 {
    let a: u8 = 256;
    n().await;
    a
}

#[coloop::coroutine]
async fn arithmetic() -> u8 {
    let a = 255u8 + 1;
    n().await;
    let b = [1, 2][5];
    a + b
}

#[coloop::coroutine]
async fn single_use<'a>(text: &'a str) -> u32 {
    n().await + text.len() as u32
}

#[coloop::coroutine]
async fn never_used<'a>(a: u32) -> u32 {
    n().await + a
}

#[coloop::coroutine]
async fn results(list: &mut Vec<u32>) {
    list.pop();
    n().await;
}

#[coloop::coroutine]
async fn qualified() -> u32 {
    std::future::ready(self::n().await).await
}

#[coloop::coroutine]
async fn while_true() {
    while true {
        n().await;
    }
}

#[coloop::coroutine]
async fn comparison(a: u32) -> bool {
    n().await;
    a >= 0
}

mod inner {
    #[coloop::coroutine]
    pub async fn not_reachable() -> u32 {
        super::n().await
    }
}

fn main() {}
