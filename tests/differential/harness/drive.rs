//! One body, one scenario, one recording.

use std::any::Any;
use std::cell::Cell;
use std::fmt::{self, Debug};
use std::future::Future;
use std::panic::{catch_unwind, set_hook, take_hook, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once};
use std::task::{Context, Poll, Wake, Waker};

use super::trace::{Fault, Injected, Trace, TOO_LONG};

/// A body that is still pending after this many polls is taken to be pending for ever.
const TOO_MANY_POLLS: usize = 200;

/// The note about values that were never dropped.
const LEAKED: &str = "values leaked: ";

/// What is done to a body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scenario {
    /// Drop the future after this many polls.
    pub(crate) cancel_after: Option<usize>,
    pub(crate) fault: Fault,
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cancel_after {
            Some(polls) => write!(f, "dropped after {polls} polls")?,
            None => write!(f, "driven to the end")?,
        }
        match self.fault {
            Fault::None => Ok(()),
            Fault::Step(number) => write!(f, ", step {number} panics"),
            Fault::Drop(number) => write!(f, ", drop {number} panics"),
        }
    }
}

/// What a body did, and how much there is to sweep over.
pub(crate) struct Recording {
    pub(crate) events: Vec<String>,
    pub(crate) polls: usize,
    pub(crate) steps: usize,
    pub(crate) drops: usize,
    /// How many recorded values were never dropped.
    pub(crate) leaked: usize,
}

impl Recording {
    pub(crate) fn events_but_leaks(&self) -> impl Iterator<Item = &String> {
        let events = self.events.iter();
        events.filter(|event| !event.starts_with(LEAKED))
    }

    pub(crate) fn ended(&self) -> bool {
        self.polls < TOO_MANY_POLLS && self.steps <= TOO_LONG
    }
}

/// A body without its types, so that the driver is compiled once.
pub(crate) type Body = Box<dyn Fn(Trace) -> Pin<Box<dyn Future<Output = Output>>>>;

pub(crate) struct Output {
    debug: String,
    value: Box<dyn Any>,
}

pub(crate) fn erase<F>(body: impl Fn(Trace) -> F + 'static) -> Body
where
    F: Future<Output: Debug + 'static> + 'static,
{
    Box::new(move |trace| Box::pin(Erased(body(trace))))
}

struct Erased<F>(F);

impl<F: Future<Output: Debug + 'static>> Future for Erased<F> {
    type Output = Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Output> {
        // SAFETY: the field is pinned whenever the wrapper is.
        let future = unsafe { self.map_unchecked_mut(|erased| &mut erased.0) };
        future.poll(cx).map(|value| Output {
            debug: format!("{value:?}"),
            value: Box::new(value),
        })
    }
}

pub(crate) fn record(body: &Body, scenario: Scenario) -> Recording {
    let trace = Trace::new(scenario.fault);
    let mut polls = 0;
    trace.note("-- call");
    match guarded(|| body(trace.clone())) {
        Ok(mut future) => {
            polls = drive(&trace, future.as_mut(), scenario.cancel_after);
            trace.note("-- drop the future");
            end(&trace, guarded(|| drop(future)));
        }
        Err(panic) => trace.note(panic),
    }
    trace.note("-- end");
    let leaked = trace.clones();
    if leaked > 0 {
        trace.note(format_args!("{LEAKED}{leaked}"));
    }
    Recording {
        events: trace.events(),
        leaked,
        polls,
        steps: trace.steps(),
        drops: trace.drops(),
    }
}

/// Polls until the future is done or is to be dropped; returns how often it was polled.
fn drive(
    trace: &Trace,
    mut future: Pin<&mut dyn Future<Output = Output>>,
    cancel_after: Option<usize>,
) -> usize {
    for polls in 0..TOO_MANY_POLLS {
        if cancel_after == Some(polls) {
            return polls;
        }
        trace.note(format_args!("-- poll {}", polls + 1));
        // A new waker for every poll: a body that keeps the old one wakes nobody.
        let wakes = Arc::new(CountWakes::default());
        let waker = Waker::from(wakes.clone());
        let mut cx = Context::from_waker(&waker);
        match guarded(|| future.as_mut().poll(&mut cx)) {
            Ok(Poll::Pending) => {
                trace.note(format_args!(
                    "-- pending, woken {}",
                    wakes.0.load(Ordering::Relaxed)
                ));
                continue;
            }
            Ok(Poll::Ready(output)) => {
                trace.note(format_args!("-- ready: {}", output.debug));
                end(trace, guarded(|| drop(output.value)));
            }
            Err(panic) => trace.note(panic),
        }
        let again = guarded(|| future.as_mut().poll(&mut cx));
        trace.note(match again {
            Err(_) => "-- polled again: panics",
            Ok(_) => "-- polled again: DOES NOT PANIC",
        });
        return polls + 1;
    }
    trace.note("-- STILL PENDING, given up");
    TOO_MANY_POLLS
}

fn end(trace: &Trace, result: Result<(), String>) {
    if let Err(panic) = result {
        trace.note(panic);
    }
}

#[derive(Default)]
struct CountWakes(AtomicUsize);

impl Wake for CountWakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

thread_local! {
    /// Set while panics of this thread are expected.
    static QUIET: Cell<bool> = const { Cell::new(false) };
    /// The line of the last panic that was not printed.
    static LINE: Cell<u32> = const { Cell::new(0) };
}

/// Runs code that may panic, and describes the panic.
fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let printing = take_hook();
        set_hook(Box::new(move |info| match info.location() {
            Some(location) if QUIET.get() => LINE.set(location.line()),
            _ => printing(info),
        }));
    });

    QUIET.set(true);
    let result = catch_unwind(AssertUnwindSafe(run));
    QUIET.set(false);
    result.map_err(|payload| {
        if payload.is::<Injected>() {
            return "-- panicked as injected".to_owned();
        }
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text
            .or(payload.downcast_ref::<&str>().copied())
            .unwrap_or("no text");
        format!("-- panicked at line {}: {text}", LINE.get())
    })
}
