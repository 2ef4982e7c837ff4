async fn n() {}

struct S {
    text: String,
}

impl S {
    #[coloop::coroutine]
    async fn change(&self) {
        self.text.push('x');
        n().await;
        self.text = String::new();
    }
}

fn main() {}
