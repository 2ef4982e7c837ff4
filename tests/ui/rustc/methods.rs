async fn n() {}

struct S {
    text: String,
}

impl S {
    #[coloop::coroutine]
    async fn names_a_field_that_is_not_there(&self) -> usize {
        n().await;
        self.texts.len()
    }

    #[coloop::coroutine]
    async fn uses_itself_after_the_move(self) -> String {
        n().await;
        drop(self);
        self.text
    }
}

trait Length {
    async fn length(&self) -> usize;
}

impl Length for S {
    #[coloop::coroutine]
    async fn length(&self) -> String {
        n().await;
        self.text.clone()
    }
}

fn main() {}
