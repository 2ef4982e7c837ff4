//! `join!` and `select!` by their names alone are those of the crate that their syntax fits, or are refused.

mod a_join_of_futures {
    use futures::join;

    #[coloop::coroutine]
    pub async fn function() {
        join!(async {}, async {});
    }
}

mod a_select_of_futures {
    use futures::{select, FutureExt};

    #[coloop::coroutine]
    pub async fn function() {
        let mut ready = Box::pin(async {}).fuse();
        select! { () = ready => {} }
    }
}

mod a_select_of_tokio {
    use futures::FutureExt;
    use tokio::select;

    #[coloop::coroutine]
    pub async fn function() {
        select! { () = async {}.fuse() => {} }
    }
}

mod a_join_of_coloop {
    use coloop::join;

    #[coloop::coroutine]
    pub async fn function() {
        join!(async {}, async {});
    }
}

fn main() {}
