//! Patterns of other types, or with mistakes.

async fn n() -> Option<u32> {
    None
}

enum Shape {
    Line(u32),
    Square { side: u32 },
}

#[coloop::coroutine]
async fn another_type() -> u32 {
    match n().await {
        Ok(a) => a,
        Err(_) => 0,
    }
}

#[coloop::coroutine]
async fn missing_field(shape: Shape) -> u32 {
    n().await;
    match shape {
        Shape::Line(length) => length,
        Shape::Square {} => 1,
    }
}

#[coloop::coroutine]
async fn too_many_fields(shape: Shape) -> u32 {
    match shape {
        Shape::Line(a, b) => a + b,
        Shape::Square { side } => side + n().await.unwrap_or_default(),
    }
}

#[coloop::coroutine]
async fn tuple() -> u32 {
    let (a, b, c) = (n().await, 1);
    a.unwrap_or_default() + b + c
}

#[coloop::coroutine]
async fn let_else(early: bool) -> u32 {
    let Ok(a) = n().await else {
        return 1;
    };
    a
}

#[coloop::coroutine]
async fn while_let() {
    while let Ok(_) = n().await {}
}

fn main() {}
