//! Cancellation: in which turn it comes, and what it meets.

use std::future::Future;
use std::rc::Rc;

use coloop::{current_task, sleep, spawn, yield_now, Event};

use crate::log::{finally, log, outcome, raise, secs, yields};
use crate::scenario::scenarios;

scenarios! { "cancellation":
    before_the_first_turn
    in_the_next_iteration
    in_the_same_iteration_if_the_turn_is_due
    order_is_that_of_the_requests
    requests_and_wakes_share_one_order
    twice_is_once
    of_one_that_was_woken
    clean_up_goes_from_the_inside_out
    clean_up_wakes_others
    clean_up_cancels_another
    of_itself
    of_itself_and_then_the_end
    of_one_that_awaits_a_task
    that_is_refused
    with_an_await_in_the_clean_up
    of_a_sleep
    fails_in_the_clean_up
}

async fn waits<T>(name: &'static str, wait: impl Future<Output = T>) {
    let _left = finally(format!("{name} is left"));
    log!("{name} waits");
    wait.await;
    log!("{name} goes on");
}

async fn forever() {
    Event::new().wait().await;
}

/// Calls something when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

fn python(is_true: bool) -> &'static str {
    if is_true {
        "True"
    } else {
        "False"
    }
}

async fn before_the_first_turn() {
    let [a, b] = ["a", "b"].map(|name| spawn(async move { log!("{name} starts") }));
    log(if a.cancel() { "asked" } else { "too late" });
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
}

async fn in_the_next_iteration() {
    let a = spawn(waits("a", forever()));
    let ended = || log(if a.is_finished() { "ended" } else { "not yet" });
    yield_now().await;
    a.cancel();
    ended();
    yield_now().await;
    ended();
}

async fn in_the_same_iteration_if_the_turn_is_due() {
    let handle = Rc::new(std::cell::OnceCell::new());
    let of_a = Rc::clone(&handle);
    let b = spawn(async move {
        yield_now().await;
        log("b cancels a");
        of_a.get().map(coloop::TaskHandle::cancel);
    });
    let a = spawn(async {
        let _left = finally("a is left");
        for step in 0..5 {
            log!("a {step}");
            yield_now().await;
        }
    });
    handle.get_or_init(|| a.handle());
    log!("{} {}", outcome(b).await, outcome(a).await);
}

async fn order_is_that_of_the_requests() {
    let tasks = ["a", "b", "c"].map(|name| spawn(waits(name, forever())));
    yield_now().await;
    for task in tasks.iter().rev() {
        task.cancel();
    }
    for task in tasks {
        log(outcome(task).await);
    }
}

async fn requests_and_wakes_share_one_order() {
    let event = Rc::new(Event::new());
    let waiting = |name| {
        let event = Rc::clone(&event);
        spawn(waits(name, async move { event.wait().await }))
    };
    let a = waiting("a");
    let b = spawn(waits("b", forever()));
    let c = waiting("c");
    yield_now().await;
    b.cancel();
    event.set();
    for task in [a, b, c] {
        log(outcome(task).await);
    }
}

async fn twice_is_once() {
    let a = spawn(waits("a", forever()));
    let handle = a.handle();
    yield_now().await;
    log!("{} {}", python(a.cancel()), python(a.cancel()));
    log(outcome(a).await);
    log(python(handle.cancel()));
}

async fn of_one_that_was_woken() {
    let event = Rc::new(Event::new());
    let waited = Rc::clone(&event);
    let a = spawn(waits("a", async move { waited.wait().await }));
    yield_now().await;
    event.set();
    a.cancel();
    log(outcome(a).await);
}

async fn clean_up_goes_from_the_inside_out() {
    let inner = async { waits("inner", forever()).await };
    let middle = async { waits("middle", inner).await };
    let a = spawn(waits("outer", middle));
    yield_now().await;
    a.cancel();
    log(outcome(a).await);
}

async fn clean_up_wakes_others() {
    let event = Rc::new(Event::new());
    let (set, waited) = (Rc::clone(&event), event);
    let a = spawn(async move {
        let _set = OnDrop(move || {
            log("a sets the event");
            set.set();
        });
        forever().await;
    });
    let b = spawn(waits("b", async move { waited.wait().await }));
    yield_now().await;
    a.cancel();
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
}

async fn clean_up_cancels_another() {
    let b = spawn(waits("b", forever()));
    let other = b.handle();
    let a = spawn(async move {
        let _cancel = OnDrop(move || {
            log("a cancels b");
            other.cancel();
        });
        forever().await;
    });
    yield_now().await;
    a.cancel();
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
}

async fn of_itself() {
    let a = spawn(async {
        let _left = finally("a is left");
        current_task().map(|task| task.cancel());
        log("a goes on");
        yield_now().await;
        log("a goes on for too long");
    });
    log(outcome(a).await);
}

async fn of_itself_and_then_the_end() {
    let a = spawn(async {
        current_task().map(|task| task.cancel());
        "a result"
    });
    log(outcome(a).await);
}

async fn of_one_that_awaits_a_task() {
    let inner = spawn(waits("inner", yields(4)));
    let awaited = inner.handle();
    let outer = spawn(waits("outer", inner));
    yield_now().await;
    outer.cancel();
    log!("outer {}", outcome(outer).await);
    while !awaited.is_finished() {
        yield_now().await;
    }
    log("inner has ended");
}

async fn that_is_refused() {
    let a = spawn(async {
        forever().await;
        log("a refuses");
        "a result"
    });
    yield_now().await;
    a.cancel();
    log(outcome(a).await);
}

async fn with_an_await_in_the_clean_up() {
    let a = spawn(async {
        let _left = finally("a is left");
        forever().await;
        yield_now().await;
        log("a has cleaned up");
    });
    yield_now().await;
    a.cancel();
    log(outcome(a).await);
}

async fn of_a_sleep() {
    let a = spawn(waits("a", sleep(secs(5))));
    let b = spawn(waits("b", sleep(secs(2))));
    sleep(secs(1)).await;
    a.cancel();
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
}

async fn fails_in_the_clean_up() {
    let a = spawn(async {
        let _fail = OnDrop(|| {
            log("a fails");
            raise("boom");
        });
        forever().await;
    });
    yield_now().await;
    a.cancel();
    log(outcome(a).await);
}
