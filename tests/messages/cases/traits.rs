//! Methods of traits that are not what the trait says.

use std::future::Future;

trait Service {
    async fn call(&self, a: u32) -> u32;
    fn future(&self) -> impl Future<Output = u32> + Send;
    async fn defaulted(&mut self) -> String {
        String::new()
    }
}

struct Arguments;

impl Service for Arguments {
    #[coloop::coroutine]
    async fn call(&self, a: String) -> u32 {
        std::future::ready(a.len() as u32).await
    }

    #[coloop::coroutine]
    async fn future(&self) -> u32 {
        std::future::ready(1).await
    }

    #[coloop::coroutine]
    async fn defaulted(&self) -> String {
        std::future::ready(String::new()).await
    }

    #[coloop::coroutine]
    async fn not_in_the_trait(&self) {
        std::future::ready(()).await;
    }
}

fn main() {}
