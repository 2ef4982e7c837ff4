//! Queues: who gets what, and who may put.

use std::fmt::Display;
use std::future::Future;
use std::rc::Rc;

use coloop::sync::{TryGetError, TryPutError};
use coloop::{spawn, yield_now, LifoQueue, PriorityQueue, Queue, Task};

use crate::log::{log, outcome, yields};
use crate::scenario::scenarios;

scenarios! { "queues":
    getters_are_served_in_order
    putters_are_served_in_order
    room_and_items_take_no_turn
    newcomer_overtakes_a_woken_getter
    overtaken_getter_is_last_then
    newcomer_overtakes_a_woken_putter
    one_place_makes_them_alternate
    producers_and_consumers_take_turns
    cancelled_getter_is_passed_over
    item_of_a_cancelled_getter_goes_on
    room_of_a_cancelled_putter_goes_on
    getter_is_cancelled_in_the_turn_of_the_put
    join_waits_for_the_work
    put_after_the_last_task_done_and_before_the_joiner
    priority_and_stack
    late_items_come_in_the_order_of_the_priority
    full_and_empty
    shutdown_lets_what_is_queued_out
    shutdown_wakes_getters_in_order
    immediate_shutdown_drops_what_is_queued
}

type Shared = Rc<Queue<u32>>;

fn shared(maxsize: usize) -> Shared {
    Rc::new(Queue::new(maxsize))
}

fn getters<const N: usize>(queue: &Shared, names: [&'static str; N]) -> [Task<u32>; N] {
    names.map(|name| {
        let queue = Rc::clone(queue);
        spawn(async move {
            let item = got(queue.get().await);
            log!("{name} gets {item}");
            item
        })
    })
}

fn putter(queue: &Shared, item: u32) -> Task<()> {
    let queue = Rc::clone(queue);
    spawn(async move {
        put(&queue, item).await;
        log!("put {item}");
    })
}

fn joiner(queue: &Shared) -> Task<()> {
    let queue = Rc::clone(queue);
    spawn(async move {
        queue.join().await;
        log("joined");
    })
}

fn got<T, E: Display>(item: Result<T, E>) -> T {
    item.unwrap_or_else(|error| panic!("nothing to get: {error}"))
}

async fn put(queue: &Queue<u32>, item: u32) {
    let put = queue.put(item).await;
    put.unwrap_or_else(|error| panic!("not put: {error}"));
}

fn put_now(queue: &Queue<u32>, item: u32) {
    let put = queue.try_put(item);
    put.unwrap_or_else(|error| panic!("not put: {error}"));
}

async fn shut_down<T, E>(what: &'static str, call: impl Future<Output = Result<T, E>>) {
    if call.await.is_err() {
        log!("{what} is shut down");
    }
}

async fn getters_are_served_in_order() {
    let queue = shared(0);
    let tasks = getters(&queue, ["a", "b", "c"]);
    yield_now().await;
    for item in 1..=3 {
        put_now(&queue, item);
    }
    log("main has put three");
    for task in tasks {
        outcome(task).await;
    }
}

async fn putters_are_served_in_order() {
    let queue = shared(1);
    let tasks = [1, 2, 3].map(|item| putter(&queue, item));
    yield_now().await;
    for _ in 0..3 {
        log!("main gets {}", got(queue.get().await));
    }
    for task in tasks {
        outcome(task).await;
    }
}

async fn room_and_items_take_no_turn() {
    let queue = shared(2);
    let [other] = getters(&shared(0), ["nobody"]);
    let turn = spawn(async {
        log("put elsewhere");
    });
    put(&queue, 1).await;
    put(&queue, 2).await;
    let items = (got(queue.get().await), got(queue.get().await));
    log!("main gets {} {}", items.0, items.1);
    outcome(turn).await;
    other.cancel();
}

async fn newcomer_overtakes_a_woken_getter() {
    let queue = shared(0);
    let [a] = getters(&queue, ["a"]);
    yield_now().await;
    put_now(&queue, 1);
    log!("main gets {}", got(queue.try_get()));
    yields(2).await;
    log(if a.is_finished() {
        "ended"
    } else {
        "a waits again"
    });
    put_now(&queue, 2);
    outcome(a).await;
}

async fn overtaken_getter_is_last_then() {
    let queue = shared(0);
    let tasks = getters(&queue, ["a", "b"]);
    yield_now().await;
    put_now(&queue, 1);
    log!("main gets {}", got(queue.try_get()));
    yield_now().await;
    put_now(&queue, 2);
    put_now(&queue, 3);
    for task in tasks {
        outcome(task).await;
    }
}

async fn newcomer_overtakes_a_woken_putter() {
    let queue = shared(1);
    put_now(&queue, 1);
    let a = putter(&queue, 2);
    yield_now().await;
    log!("main gets {}", got(queue.try_get()));
    put_now(&queue, 3);
    yields(2).await;
    log(if a.is_finished() {
        "ended"
    } else {
        "a waits again"
    });
    log!("main gets {}", got(queue.try_get()));
    outcome(a).await;
    log!("main gets {}", got(queue.try_get()));
}

async fn one_place_makes_them_alternate() {
    let queue = shared(1);
    let (filled, emptied) = (Rc::clone(&queue), queue);
    let producer = spawn(async move {
        for item in 0..4 {
            put(&filled, item).await;
            log!("put {item}");
        }
    });
    let consumer = spawn(async move {
        for _ in 0..4 {
            log!("got {}", got(emptied.get().await));
        }
    });
    outcome(producer).await;
    outcome(consumer).await;
}

async fn producers_and_consumers_take_turns() {
    let queue = Rc::new(Queue::new(2));
    let producers = ["a", "b"].map(|name| {
        let queue = Rc::clone(&queue);
        spawn(async move {
            for item in 0..3 {
                drop(queue.put(format!("{name}{item}")).await);
                log!("{name} put {item}");
            }
        })
    });
    let consumers = ["x", "y"].map(|name| {
        let queue = Rc::clone(&queue);
        spawn(async move {
            loop {
                log!("{name} got {}", got(queue.get().await));
                queue.task_done();
            }
        })
    });
    for task in producers {
        outcome(task).await;
    }
    queue.join().await;
    log("all is done");
    for consumer in consumers {
        let _: &Task<()> = &consumer;
        consumer.cancel();
    }
}

async fn cancelled_getter_is_passed_over() {
    let queue = shared(0);
    let [a, b] = getters(&queue, ["a", "b"]);
    yield_now().await;
    a.cancel();
    yield_now().await;
    put_now(&queue, 1);
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
}

async fn item_of_a_cancelled_getter_goes_on() {
    let queue = shared(0);
    let [a, b] = getters(&queue, ["a", "b"]);
    yield_now().await;
    put_now(&queue, 1);
    a.cancel();
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
}

async fn room_of_a_cancelled_putter_goes_on() {
    let queue = shared(1);
    put_now(&queue, 1);
    let [a, b] = [2, 3].map(|item| putter(&queue, item));
    yield_now().await;
    log!("main gets {}", got(queue.try_get()));
    a.cancel();
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
    log!("main gets {}", got(queue.try_get()));
}

async fn getter_is_cancelled_in_the_turn_of_the_put() {
    let queue = shared(0);
    let [a, b] = getters(&queue, ["a", "b"]);
    yield_now().await;
    a.cancel();
    put_now(&queue, 1);
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
}

async fn join_waits_for_the_work() {
    let queue = shared(0);
    put_now(&queue, 1);
    put_now(&queue, 2);
    let joiner = joiner(&queue);
    for _ in 0..2 {
        yield_now().await;
        log!("main gets {}", got(queue.try_get()));
        yield_now().await;
        queue.task_done();
        log("main has done it");
    }
    outcome(joiner).await;
    queue.join().await;
    log("joined again");
}

async fn put_after_the_last_task_done_and_before_the_joiner() {
    let queue = shared(0);
    put_now(&queue, 1);
    let joiner = joiner(&queue);
    yield_now().await;
    got(queue.try_get());
    queue.task_done();
    put_now(&queue, 2);
    yields(3).await;
    log(if joiner.is_finished() {
        "ended"
    } else {
        "not yet"
    });
    got(queue.try_get());
    queue.task_done();
    outcome(joiner).await;
}

async fn priority_and_stack() {
    let (priority, stack) = (PriorityQueue::new(0), LifoQueue::new(0));
    for item in [3, 1, 2] {
        let put = (priority.try_put(item), stack.try_put(item));
        assert_eq!(put, (Ok(()), Ok(())));
    }
    for _ in 0..3 {
        log!("{} {}", got(priority.try_get()), got(stack.try_get()));
    }
}

async fn late_items_come_in_the_order_of_the_priority() {
    let queue = Rc::new(PriorityQueue::new(0));
    let tasks = ["a", "b"].map(|name| {
        let queue = Rc::clone(&queue);
        spawn(async move { log!("{name} gets {}", got(queue.get().await)) })
    });
    yield_now().await;
    assert_eq!((queue.try_put(2), queue.try_put(1)), (Ok(()), Ok(())));
    for task in tasks {
        outcome(task).await;
    }
}

async fn full_and_empty() {
    let queue = shared(1);
    put_now(&queue, 1);
    if let Err(TryPutError::Full(_)) = queue.try_put(2) {
        log("full");
    }
    log(got(queue.try_get()));
    if let Err(TryGetError::Empty) = queue.try_get() {
        log("empty");
    }
}

async fn shutdown_lets_what_is_queued_out() {
    let queue = shared(2);
    put_now(&queue, 1);
    put_now(&queue, 2);
    let late = Rc::clone(&queue);
    let a = spawn(async move { shut_down("a", late.put(3)).await });
    yield_now().await;
    queue.shutdown(false);
    log("main shuts down");
    shut_down("main", queue.put(4)).await;
    let items = (got(queue.get().await), got(queue.get().await));
    log!("main gets {} {}", items.0, items.1);
    shut_down("main", queue.get()).await;
    outcome(a).await;
}

async fn shutdown_wakes_getters_in_order() {
    let queue = shared(0);
    let tasks = ["a", "b", "c"].map(|name| {
        let queue = Rc::clone(&queue);
        spawn(async move {
            match queue.get().await {
                Ok(item) => log!("{name} gets {item}"),
                Err(_) => log!("{name} is shut down"),
            }
        })
    });
    yield_now().await;
    put_now(&queue, 1);
    queue.shutdown(false);
    for task in tasks {
        outcome(task).await;
    }
}

async fn immediate_shutdown_drops_what_is_queued() {
    let queue = shared(2);
    put_now(&queue, 1);
    put_now(&queue, 2);
    let late = Rc::clone(&queue);
    let a = spawn(async move { shut_down("a", late.put(3)).await });
    let joiner = joiner(&queue);
    yield_now().await;
    queue.shutdown(true);
    log!("main shuts down {}", queue.len());
    shut_down("main", queue.get()).await;
    outcome(a).await;
    outcome(joiner).await;
}
