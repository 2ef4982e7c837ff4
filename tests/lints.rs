//! What rustc and clippy find in coroutines is what they find in the plain `async fn`: nothing, in these.
#![deny(warnings, clippy::pedantic)]

use std::fmt::Display;
use std::future::ready;

struct Guard(u32);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0 = 0;
    }
}

/// Bounds of the user's, beside which the compiler has some of its own.
#[coloop::coroutine]
async fn bounds<'a, 'b: 'a, T: Display, U>(
    text: &'a str,
    long: &'b str,
    value: &T,
    other: &U,
) -> String
where
    U: Display + ?Sized,
{
    ready(()).await;
    format!("{text}{long}{value}{other}")
}

#[coloop::coroutine]
async fn implementation(value: &impl Display) -> String {
    ready(value).await.to_string()
}

#[coloop::coroutine]
#[allow(clippy::needless_return, clippy::unused_async)]
async fn only_returns() -> u32 {
    return 5;
}

#[coloop::coroutine]
async fn only_returns_a_future() -> u32 {
    #[allow(clippy::needless_return)]
    return ready(5).await;
}

/// A body of one expression, in both forms.
fn generators_of_one_item() -> (impl futures::Stream<Item = u32>, impl Iterator<Item = u32>) {
    (coloop::gen!({ yield 1 }), coloop::iter! { yield 2 })
}

#[coloop::coroutine]
async fn only_panics() -> u32 {
    panic!("always")
}

#[coloop::coroutine]
async fn unused_arguments(_: Guard, _guard: Guard, (_other, _): (Guard, Guard), __more: Guard) {
    ready(()).await;
}

#[coloop::coroutine]
async fn ends(n: u32) -> Option<u32> {
    if ready(n).await > 1 {
        return None;
    }
    if n == 1 {
        Some(n)
    } else {
        None
    }
}

#[coloop::coroutine]
async fn never_ends(n: u32) -> u32 {
    loop {
        assert!(ready(n).await < 2, "{n}");
    }
}

struct Holder<'a>(&'a str);

impl<'a> Holder<'a> {
    #[coloop::coroutine]
    async fn by_reference(&self, text: &str) -> usize {
        ready(self.0.len()).await + text.len()
    }

    #[coloop::coroutine]
    pub async fn by_value(self, text: &str) -> &'a str {
        ready(text).await;
        self.0
    }
}

/// Documented, and of a crate's interface.
pub mod public {
    /// Adds one.
    #[coloop::coroutine]
    pub async fn next(n: u32) -> u32 {
        std::future::ready(n).await + 1
    }

    /// Takes ownership.
    #[coloop::coroutine]
    pub async fn takes(text: String, numbers: Vec<u32>) -> (String, Vec<u32>) {
        std::future::ready(()).await;
        (text, numbers)
    }

    /// Fails.
    ///
    /// # Errors
    ///
    /// If it is zero.
    #[coloop::coroutine]
    pub async fn fails(n: u32) -> Result<u32, String> {
        if std::future::ready(n).await == 0 {
            return Err(String::new());
        }
        Ok(n)
    }
}

#[test]
fn they_run() {
    let guard = || Guard(1);
    coloop::run(async {
        assert_eq!(bounds("a", "b", &1, "c").await, "ab1c");
        assert_eq!(implementation(&1).await, "1");
        assert_eq!(only_returns().await + only_returns_a_future().await, 10);
        unused_arguments(guard(), guard(), (guard(), guard()), guard()).await;
        assert_eq!(ends(1).await, Some(1));
        drop((never_ends(1), only_panics()));
        assert_eq!(Holder("a").by_reference("b").await, 2);
        assert_eq!(Holder("a").by_value("b").await, "a");
        assert_eq!(public::next(1).await, 2);
        assert_eq!(public::takes(String::new(), Vec::new()).await.1, []);
        assert_eq!(public::fails(1).await, Ok(1));
        let (items, numbers) = generators_of_one_item();
        let items: Vec<_> = futures::StreamExt::collect(items).await;
        assert_eq!((items, numbers.collect()), (vec![1], vec![2]));
    });
}
