//! A closure that is the argument of a closure in a variable, without the types of its parameters.

#[coloop::coroutine]
async fn function() -> String {
    let mut text = String::new();
    let mut apply = |f: &mut dyn FnMut(&mut String)| f(&mut text);
    std::future::ready(()).await;
    apply(&mut |text| text.insert(0, '<'));
    text
}

fn main() {
    drop(function());
}
