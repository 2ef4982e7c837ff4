async fn tick() {}

#[coloop::coroutine(heap)]
async fn function() {
    tick().await;
}

#[coloop::coroutine(size = 64, heap)]
async fn two() {
    tick().await;
}

#[coloop::coroutines(all)]
mod module {
    #[coroutine]
    pub async fn function() {
        super::tick().await;
    }
}

#[coloop::test(threads = 1)]
async fn test() {
    tick().await;
}

#[coloop::main(threads = 1)]
async fn main() {
    function().await;
    two().await;
    module::function().await;
}
