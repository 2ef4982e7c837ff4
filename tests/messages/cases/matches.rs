//! Patterns that do not cover everything.

async fn n() -> Option<u32> {
    None
}

enum Shape {
    Point,
    Line(u32),
    Square { side: u32 },
}

#[coloop::coroutine]
async fn a_match(shape: Shape) -> u32 {
    n().await;
    match shape {
        Shape::Point => 0,
        Shape::Line(length) => length,
    }
}

#[coloop::coroutine]
async fn a_match_that_suspends(shape: Shape) -> u32 {
    match shape {
        Shape::Point => n().await.unwrap_or_default(),
        Shape::Square { side } if side > 1 => side,
        Shape::Line(length) => length,
    }
}

#[coloop::coroutine]
async fn a_let() -> u32 {
    let Some(a) = n().await;
    a
}

#[coloop::coroutine]
async fn an_argument(Some(a): Option<u32>) -> u32 {
    n().await;
    a
}

#[coloop::coroutine]
async fn a_loop(list: Vec<Option<u32>>) -> u32 {
    let mut sum = 0;
    for Some(a) in list {
        n().await;
        sum += a;
    }
    sum
}

#[coloop::coroutine]
async fn an_else_that_goes_on() -> u32 {
    let Some(a) = n().await else {
        n().await;
    };
    a
}

#[coloop::coroutine]
async fn an_irrefutable_if(a: u32) -> u32 {
    if let b = a {
        n().await;
    }
    a
}

#[coloop::coroutine]
async fn numbers(a: u8) -> u32 {
    n().await;
    match a {
        0..=9 => 1,
        11.. => 2,
    }
}

fn main() {}
