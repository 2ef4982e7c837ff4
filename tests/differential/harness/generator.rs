//! Generators: the oracle's hands its items over where the generator yields, and both are recorded item by item.

use std::cell::Cell;
use std::fmt::Debug;
use std::future::{poll_fn, Future};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{ready, Context, Poll};

use coloop::{AsyncGenerator, GeneratorState};

use super::Trace;

/// Where the oracle's body hands its items over.
pub(crate) struct Give<Y>(Rc<Cell<Option<Y>>>);

impl<Y> Give<Y> {
    /// Suspends with an item.
    pub(crate) async fn give(&self, item: Y) {
        let mut item = Some(item);
        poll_fn(|_| match item.take() {
            None => Poll::Ready(()),
            item => {
                self.0.set(item);
                Poll::Pending
            }
        })
        .await
    }
}

/// The generator of what a future gives.
pub(crate) fn handed_over<Y, F: Future>(body: impl FnOnce(Give<Y>) -> F) -> HandedOver<Y, F> {
    let item = Rc::new(Cell::new(None));
    let body = Box::pin(body(Give(item.clone())));
    HandedOver {
        item,
        body,
        over: false,
    }
}

pub(crate) struct HandedOver<Y, F> {
    item: Rc<Cell<Option<Y>>>,
    body: Pin<Box<F>>,
    /// Whether the body has ended or panicked.
    over: bool,
}

impl<Y, F: Future> AsyncGenerator for HandedOver<Y, F> {
    type Yield = Y;
    type Return = F::Output;

    fn poll_resume(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        _sent: &mut Option<()>,
    ) -> Poll<GeneratorState<Y, F::Output>> {
        if std::mem::replace(&mut self.over, true) {
            return Poll::Ready(GeneratorState::Ended);
        }
        if let Poll::Ready(output) = self.body.as_mut().poll(cx) {
            return Poll::Ready(GeneratorState::Returned(output));
        }
        self.over = false;
        match self.item.take() {
            Some(item) => Poll::Ready(GeneratorState::Yielded(item)),
            None => Poll::Pending,
        }
    }

    fn poll_close(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        unreachable!("it is dropped")
    }

    fn has_ended(&self) -> bool {
        self.over
    }
}

/// Records the items of a generator and what it returns. Suspends after each item, so that it can be dropped there.
pub(crate) async fn recorded<G>(trace: Trace, generator: G)
where
    G: AsyncGenerator<Yield: Debug, Return: Debug>,
{
    let mut generator = Box::pin(generator);
    poll_fn(
        |cx| match ready!(generator.as_mut().poll_resume(cx, &mut Some(()))) {
            GeneratorState::Yielded(item) => {
                trace.note(format_args!("-- item {item:?}"));
                drop(item);
                Poll::Pending
            }
            GeneratorState::Returned(value) => {
                trace.note(format_args!("-- returned {value:?}"));
                Poll::Ready(())
            }
            GeneratorState::Ended => Poll::Ready(()),
        },
    )
    .await
}
