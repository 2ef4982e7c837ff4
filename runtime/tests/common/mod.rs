//! What the tests share: a trace of events, futures that record what happens to them, wakers that count, places in the file system.
#![allow(dead_code)]

use std::cell::RefCell;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// Events in the order in which they happened.
#[derive(Clone, Debug, Default)]
pub struct Trace(Rc<RefCell<Vec<String>>>);

impl Trace {
    pub fn new() -> Self {
        Trace::default()
    }

    pub fn add(&self, event: impl Into<String>) {
        self.0.borrow_mut().push(event.into());
    }

    /// The events since the last call, separated by commas.
    #[track_caller]
    pub fn take(&self) -> String {
        self.0.take().join(", ")
    }

    /// Records a drop.
    pub fn on_drop(&self, event: impl Into<String>) -> OnDrop {
        OnDrop(self.clone(), event.into())
    }

    /// A future that records its polls and its drop.
    pub fn traced<F: Future>(&self, name: &str, future: F) -> Traced<F> {
        Traced {
            future: Box::pin(future),
            _drop: self.on_drop(format!("{name} dropped")),
            name: name.to_owned(),
        }
    }
}

pub struct OnDrop(Trace, String);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.add(self.1.as_str());
    }
}

pub struct Traced<F> {
    future: Pin<Box<F>>,
    name: String,
    _drop: OnDrop,
}

impl<F: Future> Future for Traced<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let polled = self.future.as_mut().poll(cx);
        let state = if polled.is_ready() {
            "ready"
        } else {
            "pending"
        };
        self._drop.0.add(format!("{} {state}", self.name));
        polled
    }
}

/// Counts wakes.
#[derive(Default)]
pub struct Wakes(AtomicUsize);

impl Wakes {
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// A future on the heap, polled by hand: what any executor may do.
pub struct ByHand<'a, T> {
    future: Pin<Box<dyn Future<Output = T> + 'a>>,
    wakes: Arc<Wakes>,
}

impl<'a, T> ByHand<'a, T> {
    pub fn new(future: impl Future<Output = T> + 'a) -> Self {
        ByHand {
            future: Box::pin(future),
            wakes: Wakes::new(),
        }
    }

    /// One that has been polled once, and waits.
    #[track_caller]
    pub fn waiting(future: impl Future<Output = T> + 'a) -> Self {
        let mut by_hand = ByHand::new(future);
        assert!(by_hand.poll().is_none(), "it should wait");
        by_hand
    }

    pub fn poll(&mut self) -> Option<T> {
        let waker = Waker::from(self.wakes.clone());
        match self.future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    pub fn is_woken(&self) -> bool {
        self.wakes.count() > 0
    }
}

/// `n` iterations of the loop.
pub async fn iterations(n: usize) {
    for _ in 0..n {
        coloop::yield_now().await;
    }
}

/// Runs what waits for the OS. If it hangs, it fails after a time that no machine is too slow for.
#[track_caller]
pub fn bounded<F: Future>(future: F) -> F::Output {
    let output = coloop::run(coloop::timeout(Duration::from_secs(120), future));
    output.expect("it hangs")
}

/// A path that nothing is at, and that is removed in the end.
pub struct Place(pub PathBuf);

impl Place {
    pub fn new(name: &str) -> Self {
        let name = format!("coloop-{}-{name}", std::process::id());
        Place(std::env::temp_dir().join(name))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
