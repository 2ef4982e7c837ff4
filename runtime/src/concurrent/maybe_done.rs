//! A child of `gather!` or `join!`: a future, then its output.
//!
//! *Input*: polls, until one says it is done. *Output*: the output, once. *Invariant*: the future is dropped as soon as
//! it is ready, before its siblings are polled.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

pin_project! {
    #[project = Projected]
    #[project_replace = Replaced]
    /// A future, then its output.
    pub enum MaybeDone<F: Future> {
        /// The future.
        Running { #[pin] future: F },
        /// Its output.
        Done { output: F::Output },
        /// Nothing any more.
        Taken,
    }
}

impl<F: Future> MaybeDone<F> {
    pub(crate) fn new(future: F) -> Self {
        MaybeDone::Running { future }
    }

    /// Polls the future, if it is not ready yet; true if it is now.
    pub(crate) fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> bool {
        let Projected::Running { future } = self.as_mut().project() else {
            return true;
        };
        let Poll::Ready(output) = future.poll(cx) else {
            return false;
        };
        self.set(MaybeDone::Done { output });
        true
    }

    /// The output that is there.
    pub(crate) fn output(self: Pin<&mut Self>) -> Option<&mut F::Output> {
        match self.project() {
            Projected::Done { output } => Some(output),
            Projected::Running { .. } | Projected::Taken => None,
        }
    }

    /// The output, if it is there and has not been taken.
    pub(crate) fn take(mut self: Pin<&mut Self>) -> Option<F::Output> {
        if let Projected::Running { .. } = self.as_mut().project() {
            return None;
        }
        match self.project_replace(MaybeDone::Taken) {
            Replaced::Done { output } => Some(output),
            Replaced::Running { .. } | Replaced::Taken => None,
        }
    }
}
