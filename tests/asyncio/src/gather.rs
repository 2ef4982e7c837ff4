//! Gathering: results, failures, cancellation.

use coloop::{gather, sleep, spawn, try_join, yield_now};

use crate::log::{finally, log, outcome, raise, secs, ticks, told, yields};
use crate::scenario::scenarios;

scenarios! { "gather":
    results_are_in_the_order_of_the_arguments
    children_start_in_the_order_of_the_arguments
    children_alternate
    nothing_takes_no_turn
    tasks_end_in_their_order_and_are_told_in_ours
    errors_are_results_if_wanted
    awaiter_is_told_of_the_first_error_and_the_others_go_on
    awaiter_that_is_cancelled_cancels_the_children
    coroutines_start_when_it_is_awaited
    child_that_fails_leaves_the_others
    awaiter_goes_on_after_the_last
}

async fn child(name: &'static str, delay: u64) -> &'static str {
    let _left = finally(format!("{name} is left"));
    log!("{name} starts");
    sleep(secs(delay)).await;
    log!("{name} ends");
    name
}

async fn fails(name: &'static str, delay: u64) -> &'static str {
    sleep(secs(delay)).await;
    log!("{name} fails");
    raise("boom")
}

async fn results_are_in_the_order_of_the_arguments() {
    let (a, b, c) = gather!(child("a", 3), child("b", 1), child("c", 2)).await;
    log!("{a} {b} {c}");
}

async fn children_start_in_the_order_of_the_arguments() {
    let names = gather(["a", "b", "c"].map(|name| child(name, 0))).await;
    log(names.join(" "));
}

async fn children_alternate() {
    let steps = |name| async move {
        for step in 0..3 {
            log!("{name} {step}");
            yield_now().await;
        }
    };
    gather!(steps("a"), steps("b")).await;
    log("main has both");
}

async fn nothing_takes_no_turn() {
    let other = spawn(ticks(1));
    log(gather(Vec::<std::future::Ready<()>>::new()).await.len());
    outcome(other).await;
}

async fn tasks_end_in_their_order_and_are_told_in_ours() {
    let tasks = [("a", 2), ("b", 3), ("c", 1)].map(|(name, delay)| spawn(child(name, delay)));
    let names: Vec<_> = gather(tasks).await.into_iter().map(told).collect();
    log(names.join(" "));
}

async fn errors_are_results_if_wanted() {
    let tasks = [
        spawn(child("a", 2)),
        spawn(fails("b", 1)),
        spawn(child("c", 3)),
    ];
    tasks[2].cancel();
    for result in gather(tasks).await {
        match result {
            Ok(name) => log(name),
            Err(error) if error.is_cancelled() => log("CancelledError"),
            Err(_) => log("Exception"),
        }
    }
}

async fn awaiter_is_told_of_the_first_error_and_the_others_go_on() {
    let (a, b) = (spawn(child("a", 2)), spawn(fails("b", 1)));
    let of_a = a.handle();
    if let Err(error) = try_join!(a, b) {
        log!(
            "main is told of {}",
            told::<()>(Err(error)).replace("failed: ", "")
        );
    }
    while !of_a.is_finished() {
        sleep(secs(1)).await;
    }
    log("a a");
}

async fn awaiter_that_is_cancelled_cancels_the_children() {
    let awaiter = spawn(async {
        let _left = finally("the awaiter is left");
        gather!(child("a", 5), child("b", 5)).await;
    });
    sleep(secs(1)).await;
    awaiter.cancel();
    log(outcome(awaiter).await);
}

async fn coroutines_start_when_it_is_awaited() {
    let other = spawn(ticks(2));
    let (a, b) = gather!(child("a", 0), child("b", 0)).await;
    log!("{a} {b}");
    outcome(other).await;
}

async fn child_that_fails_leaves_the_others() {
    // A panic is the whole task's.
    let whole = spawn(async { gather!(child("a", 2), fails("b", 1)).await });
    if let Err(error) = whole.await {
        log!(
            "main is told of {}",
            told::<()>(Err(error)).replace("failed: ", "")
        );
    }
    sleep(secs(2)).await;
}

async fn awaiter_goes_on_after_the_last() {
    let tasks = [1, 2].map(|count| spawn(yields(count)));
    let other = spawn(ticks(6));
    gather(tasks).await;
    log("main has both");
    outcome(other).await;
}
