//! One call of a generator, as a future: `next`, `asend`, `aclose`.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{ready, Context, Poll};

use super::{AsyncGenerator, GeneratorState};

/// The next item: see [`AsyncGenerator::next`].
#[derive(Debug)]
#[must_use = "futures do nothing unless they are awaited"]
pub struct Next<'a, G: ?Sized> {
    generator: &'a mut G,
}

impl<'a, G> Next<'a, G> {
    pub(super) fn new(generator: &'a mut G) -> Self {
        Next { generator }
    }
}

impl<G> Future for Next<'_, G>
where
    G: AsyncGenerator<()> + Unpin,
{
    type Output = Option<G::Yield>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<G::Yield>> {
        let generator = Pin::new(&mut *self.generator);
        Poll::Ready(match ready!(generator.poll_resume(cx, &mut Some(()))) {
            GeneratorState::Yielded(item) => Some(item),
            GeneratorState::Returned(_) | GeneratorState::Ended => None,
        })
    }
}

/// The answer to a value: see [`AsyncGenerator::asend`].
#[derive(Debug)]
#[must_use = "futures do nothing unless they are awaited"]
pub struct Asend<'a, G: ?Sized, Resume> {
    generator: &'a mut G,
    value: Option<Resume>,
}

impl<'a, G, Resume> Asend<'a, G, Resume> {
    pub(super) fn new(generator: &'a mut G, value: Resume) -> Self {
        Asend {
            generator,
            value: Some(value),
        }
    }

    /// The value, if the generator has not received it: because this has not been polled, because the answer was that to an earlier
    /// call, or because the generator had ended.
    ///
    /// ```
    /// use coloop::{AsyncGenerator, GeneratorState};
    /// use std::pin::pin;
    ///
    /// # coloop::run(async {
    /// let mut ended = pin!(coloop::generator!(|_: String| { if false { yield 1; } }));
    /// ended.aclose().await;
    /// let mut call = ended.asend("for nobody".to_owned());
    /// assert_eq!((&mut call).await, GeneratorState::Ended);
    /// assert_eq!(call.unsent().as_deref(), Some("for nobody"));
    /// # });
    /// ```
    pub fn unsent(self) -> Option<Resume> {
        self.value
    }
}

// Neither the generator, behind a reference, nor the value is pinned.
impl<G: ?Sized, Resume> Unpin for Asend<'_, G, Resume> {}

impl<G, Resume> Future for Asend<'_, G, Resume>
where
    G: AsyncGenerator<Resume> + Unpin,
{
    type Output = GeneratorState<G::Yield, G::Return>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Asend { generator, value } = &mut *self;
        Pin::new(&mut **generator).poll_resume(cx, value)
    }
}

/// The end of a generator: see [`AsyncGenerator::aclose`].
#[derive(Debug)]
#[must_use = "futures do nothing unless they are awaited"]
pub struct Aclose<'a, G: ?Sized, Resume> {
    generator: &'a mut G,
    resume: PhantomData<fn(Resume)>,
}

impl<'a, G, Resume> Aclose<'a, G, Resume> {
    pub(super) fn new(generator: &'a mut G) -> Self {
        Aclose {
            generator,
            resume: PhantomData,
        }
    }
}

impl<G, Resume> Future for Aclose<'_, G, Resume>
where
    G: AsyncGenerator<Resume> + Unpin,
{
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut *self.generator).poll_close(cx)
    }
}
