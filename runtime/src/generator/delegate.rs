//! What `yield_all!` hands items on from: a generator, or any stream.
//!
//! Which of both an operand is, its methods tell: those that take it by value are looked for first, and streams have one.
//! So a generator that is a stream also is taken for a stream, which ends again if it has ended.

use core::cell::Cell;
use core::pin::Pin;
use core::task::{ready, Context, Poll};

use futures_core::Stream;
use pin_project_lite::pin_project;

use super::{Asend, AsyncGenerator, GeneratorState};

/// The operand.
#[expect(missing_debug_implementations)]
pub struct Delegated<G>(Cell<Option<G>>);

/// Asks what the operand is.
#[inline(always)]
pub fn delegated<G>(operand: G) -> Delegated<G> {
    Delegated(Cell::new(Some(operand)))
}

/// It is a stream.
pub trait ViaStream<S> {
    /// The stream, as a generator.
    fn via(self) -> Streamed<S>;
}

impl<S: Stream> ViaStream<S> for Delegated<S> {
    #[inline(always)]
    fn via(self) -> Streamed<S> {
        Streamed {
            stream: self.0.take(),
        }
    }
}

/// It is a generator that is no stream.
pub trait ViaGenerator<G, Resume> {
    /// The generator.
    fn via(&self) -> G;
}

impl<G, Resume> ViaGenerator<G, Resume> for Delegated<G>
where
    G: AsyncGenerator<Resume>,
{
    #[inline(always)]
    fn via(&self) -> G {
        self.0.take().expect("it has just been put there")
    }
}

/// It is none of both.
pub trait ViaNothing<T> {
    /// An error of rustc.
    fn via(&mut self) -> T::Generator
    where
        T: YieldsAll;
}

impl<T> ViaNothing<T> for Delegated<T> {
    fn via(&mut self) -> T::Generator
    where
        T: YieldsAll,
    {
        unreachable!("nothing is")
    }
}

/// What `yield_all!` takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a stream nor an asynchronous generator",
    label = "`yield_all!` takes one of both"
)]
pub trait YieldsAll {
    /// Of what is none of both, nothing more is said.
    type Generator;
}

pin_project! {
    /// A stream, as a generator that receives nothing and returns nothing.
    #[derive(Debug)]
    pub struct Streamed<S> {
        #[pin]
        stream: Option<S>,
    }
}

impl<S: Stream> AsyncGenerator for Streamed<S> {
    type Yield = S::Item;
    type Return = ();

    #[inline]
    fn poll_resume(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        sent: &mut Option<()>,
    ) -> Poll<GeneratorState<S::Item, ()>> {
        let Some(stream) = self.as_mut().project().stream.as_pin_mut() else {
            return Poll::Ready(GeneratorState::Ended);
        };
        let item = ready!(stream.poll_next(cx));
        *sent = None;
        Poll::Ready(match item {
            Some(item) => GeneratorState::Yielded(item),
            None => {
                self.project().stream.set(None);
                GeneratorState::Returned(())
            }
        })
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.project().stream.set(None);
        Poll::Ready(())
    }

    fn has_ended(&self) -> bool {
        self.stream.is_none()
    }
}

/// Lets a generator in its place go on.
#[inline(always)]
pub fn resumed_with<G, Resume>(generator: &mut G, value: Resume) -> Asend<'_, G, Resume>
where
    G: AsyncGenerator<Resume> + Unpin,
{
    Asend::new(generator, value)
}

/// Says that there is nothing to evaluate to.
#[cold]
#[track_caller]
pub fn delegated_to_ended() -> ! {
    panic!("`yield_all!` of a generator that has ended: what it has returned is gone")
}
