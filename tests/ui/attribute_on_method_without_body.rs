trait Service {
    #[coloop::coroutine]
    async fn call(&self) -> u32;
}

struct Answer;

impl Service for Answer {
    async fn call(&self) -> u32 {
        42
    }
}

fn main() {
    drop(Answer.call());
}
