//! A child of a gather: a future, then its output.
//!
//! *Input*: polls, until one says it is done. *Output*: the output, once. *Invariant*: the future is dropped as soon as
//! it is ready, before its siblings are polled.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pin_project! {
    #[project = Projected]
    #[project_replace = Replaced]
    pub(super) enum MaybeDone<F: Future> {
        Running { #[pin] future: F },
        Done { output: F::Output },
        Taken,
    }
}

impl<F: Future> MaybeDone<F> {
    pub(super) fn new(future: F) -> Self {
        MaybeDone::Running { future }
    }

    /// Polls the future, if it is not ready yet; true if it is now.
    pub(super) fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> bool {
        let Projected::Running { future } = self.as_mut().project() else {
            return true;
        };
        let Poll::Ready(output) = future.poll(cx) else {
            return false;
        };
        self.set(MaybeDone::Done { output });
        true
    }

    /// The output, if it is there and has not been taken.
    pub(super) fn take(mut self: Pin<&mut Self>) -> Option<F::Output> {
        if let Projected::Running { .. } = self.as_mut().project() {
            return None;
        }
        match self.project_replace(MaybeDone::Taken) {
            Replaced::Done { output } => Some(output),
            Replaced::Running { .. } | Replaced::Taken => None,
        }
    }
}
