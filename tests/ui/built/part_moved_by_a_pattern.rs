//! A pattern that may not match moves a part of a part out of a variable, and the part is assigned to.

#[coloop::coroutine]
async fn function(mut n: (Option<u32>, (String, String))) -> (String, String) {
    std::future::ready(()).await;
    if let (Some(_), (text, _)) = n {
        n.1 = (text, String::new());
    }
    std::future::ready(()).await;
    n.1
}

fn main() {
    coloop::run(function((Some(1), (String::new(), String::new()))));
}
