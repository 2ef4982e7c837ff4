//! A method by value of a generic type that borrows from `self` across an `.await`.

async fn show<T>(_: &T) {}

struct Holder<T> {
    value: T,
}

impl<T> Holder<T> {
    #[coloop::coroutine]
    async fn method(self) -> T {
        for value in [&self.value] {
            show(value).await;
        }
        self.value
    }
}

fn main() {
    drop(Holder { value: 1 }.method());
}
