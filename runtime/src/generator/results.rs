//! `try_gen!`: a generator of values that returns a result, as a generator of results.

use core::pin::Pin;
use core::task::{ready, Context, Poll};

use futures_core::stream::{FusedStream, Stream};
use pin_project_lite::pin_project;

use super::{AsyncGenerator, GeneratorState};

pin_project! {
    /// What a generator yields as `Ok`, and after it the error that it returns, if it does.
    #[derive(Debug)]
    pub struct Results<G> {
        #[pin]
        generator: G,
    }
}

/// The results of a generator.
#[inline(always)]
pub fn results<G>(generator: G) -> Results<G> {
    Results { generator }
}

impl<G, Resume, E> AsyncGenerator<Resume> for Results<G>
where
    G: AsyncGenerator<Resume, Return = Result<(), E>>,
{
    type Yield = Result<G::Yield, E>;
    type Return = ();

    #[inline]
    fn poll_resume(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        sent: &mut Option<Resume>,
    ) -> Poll<GeneratorState<Result<G::Yield, E>, ()>> {
        let state = ready!(self.project().generator.poll_resume(cx, sent));
        Poll::Ready(match state {
            GeneratorState::Yielded(item) => GeneratorState::Yielded(Ok(item)),
            GeneratorState::Returned(Err(error)) => GeneratorState::Yielded(Err(error)),
            GeneratorState::Returned(Ok(())) => GeneratorState::Returned(()),
            GeneratorState::Ended => GeneratorState::Ended,
        })
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().generator.poll_close(cx)
    }

    fn has_ended(&self) -> bool {
        self.generator.has_ended()
    }
}

impl<G, E> Stream for Results<G>
where
    G: AsyncGenerator<(), Return = Result<(), E>>,
{
    type Item = Result<G::Yield, E>;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let state = ready!(self.project().generator.poll_resume(cx, &mut Some(())));
        Poll::Ready(match state {
            GeneratorState::Yielded(item) => Some(Ok(item)),
            GeneratorState::Returned(Err(error)) => Some(Err(error)),
            GeneratorState::Returned(Ok(())) | GeneratorState::Ended => None,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self.generator.has_ended() {
            true => (0, Some(0)),
            false => (0, None),
        }
    }
}

impl<G, E> FusedStream for Results<G>
where
    G: AsyncGenerator<(), Return = Result<(), E>>,
{
    fn is_terminated(&self) -> bool {
        self.generator.has_ended()
    }
}
