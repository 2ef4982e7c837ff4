//! A reference that does not live as long as the output, in one branch.

#[coloop::coroutine]
async fn function<'a>(a: &'a str, b: &str) -> &'a str {
    std::future::ready(()).await;
    if a > b {
        a
    } else {
        b
    }
}

#[coloop::coroutine]
async fn in_a_variant<'a>(a: &'a str, b: &str) -> Result<&'a str, ()> {
    if a > b {
        return Ok(a);
    }
    std::future::ready(()).await;
    Ok(b)
}

fn main() {
    drop((function("", ""), in_a_variant("", "")));
}
