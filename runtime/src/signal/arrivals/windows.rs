//! A counter and the task that waits for it: a signal has a thread of its own on Windows, which may do what any thread may.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use signal_hook_registry::{register, SigId};

use super::super::Signal;

#[derive(Clone, Default)]
pub(super) struct Counter(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    count: u64,
    waiting: Option<Waker>,
}

impl Counter {
    pub(super) fn of(signal: Signal) -> io::Result<(Self, SigId)> {
        let counter = Counter::default();
        let counted = counter.clone();
        let count = move || {
            let waiting = counted.change(|state| {
                state.count += 1;
                state.waiting.take()
            });
            if let Some(waiting) = waiting {
                waiting.wake();
            }
        };
        // SAFETY: the C runtime calls it on a thread that does nothing else, where everything is allowed.
        let action = unsafe { register(signal.number(), count) }?;
        Ok((counter, action))
    }

    fn change<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many have arrived, one at least.
    pub(super) fn poll_take(&mut self, cx: &Context<'_>) -> Poll<io::Result<u64>> {
        let waker = cx.waker().clone();
        self.change(|state| match std::mem::take(&mut state.count) {
            0 => {
                state.waiting = Some(waker);
                Poll::Pending
            }
            count => Poll::Ready(Ok(count)),
        })
    }
}
