//! A generator of generic values that borrows from what it owns, across an `.await`.

use futures::{Stream, StreamExt};

fn same<S: Stream>(stream: S) -> impl Stream<Item = S::Item> {
    coloop::r#gen! {
        let mut stream = Box::pin(stream);
        while let Some(item) = stream.next().await {
            yield item;
        }
    }
}

fn main() {
    drop(same(futures::stream::iter([1, 2])));
}
