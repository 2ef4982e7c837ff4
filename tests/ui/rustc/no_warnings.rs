//! What is all right gives no warnings: the one error here is the type of `main`'s variable.
#![deny(warnings)]

async fn n() -> Result<u32, u32> {
    Ok(1)
}

#[coloop::coroutine]
async fn everything(mut a: u32, b: Vec<u32>, (c, _): (u32, u32), _unused: String) -> Result<u32, u32> {
    a += n().await?;
    let Some(first) = b.first() else {
        return Err(2);
    };
    for x in &b {
        if *x > 1 {
            a += n().await?;
        } else {
            continue;
        }
    }
    match n().await {
        Ok(x) if x > 1 => a += x,
        Ok(_) => {}
        Err(e) => return Err(e),
    }
    let r = loop {
        if n().await? > 1 {
            break 1;
        }
    };
    println!("{c} {first} {r}");
    let f = move |z: u32| z + a;
    Ok(f(n().await?))
}

#[coloop::coroutine]
async fn never_ends() -> u32 {
    loop {
        n().await.ok();
    }
}

#[coloop::coroutine]
async fn panics() -> u32 {
    n().await.ok();
    panic!("x")
}

#[coloop::coroutine]
async fn returns() -> u32 {
    return n().await.unwrap_or_default();
}

fn main() {
    drop(everything(1, vec![], (1, 1), String::new()));
    drop((never_ends(), panics(), returns()));
    let _error: u32 = "";
}
