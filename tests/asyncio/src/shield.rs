//! Shielding: what goes on when the awaiter does not.

use std::rc::Rc;

use coloop::{shield, sleep, spawn, timeout, Event};

use crate::log::{finally, log, outcome, raise, secs};
use crate::scenario::scenarios;

scenarios! { "shield":
    awaiter_is_cancelled_and_the_inner_goes_on
    result_comes_through
    error_comes_through
    inner_is_cancelled
    limit_passes_and_the_inner_goes_on
    inner_ends_as_the_awaiter_is_cancelled
}

async fn saves(name: &'static str, delay: u64) -> &'static str {
    let _left = finally(format!("{name} is left"));
    log!("{name} begins");
    sleep(secs(delay)).await;
    log!("{name} has saved");
    name
}

async fn awaiter_is_cancelled_and_the_inner_goes_on() {
    let awaiter = spawn(async {
        let _left = finally("the awaiter is left");
        outcome(shield(saves("a", 2))).await
    });
    sleep(secs(1)).await;
    awaiter.cancel();
    log(outcome(awaiter).await);
    sleep(secs(2)).await;
}

async fn result_comes_through() {
    log(outcome(shield(saves("a", 1))).await);
}

async fn error_comes_through() {
    let inner = shield(async {
        sleep(secs(1)).await;
        raise("boom")
    });
    log(outcome::<()>(inner).await);
}

async fn inner_is_cancelled() {
    let inner = spawn(saves("a", 5));
    let handle = inner.handle();
    sleep(secs(1)).await;
    handle.cancel();
    log(outcome(inner).await);
}

async fn limit_passes_and_the_inner_goes_on() {
    if timeout(secs(1), shield(saves("a", 2))).await.is_err() {
        log("late");
    }
    sleep(secs(2)).await;
}

async fn inner_ends_as_the_awaiter_is_cancelled() {
    let event = Rc::new(Event::new());
    let waited = Rc::clone(&event);
    let awaiter = spawn(async {
        let _left = finally("the awaiter is left");
        let inner = shield(async move {
            waited.wait().await;
            log("the inner goes on");
        });
        outcome(inner).await
    });
    sleep(secs(1)).await;
    event.set();
    awaiter.cancel();
    log(outcome(awaiter).await);
}
