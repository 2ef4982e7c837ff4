//! Lifetimes that arguments leave out, by the names of the arguments.

struct Holder<'a>(&'a str);

impl<'a> Holder<'a> {
    #[coloop::coroutine]
    async fn of_self(&self, text: &str) -> &str {
        std::future::ready(()).await;
        text
    }

    #[coloop::coroutine]
    pub async fn of_the_type(self, text: &str, _: (&str, &str)) -> &'a str {
        std::future::ready(self.0).await;
        text
    }
}

#[coloop::coroutine]
async fn generic<T>(value: &T, _other: &T) {
    let _kept: &'static T = std::future::ready(value).await;
}

fn main() {
    drop(Holder("").of_self(""));
    drop(Holder("").of_the_type("", ("", "")));
    drop(generic(&1, &1));
}
