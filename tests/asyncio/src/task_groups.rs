//! Task groups: who is cancelled, when the group is over, which errors it has.

use std::fmt::Display;
use std::future::Future;

use coloop::{sleep, spawn, timeout, yield_now, GroupError, GroupFailure, TaskGroup};

use crate::log::{finally, log, outcome, raise, secs, ticks, told, yields};
use crate::scenario::scenarios;

scenarios! { "task_groups":
    waits_for_all
    children_start_after_what_is_ready
    child_starts_another
    nothing_in_it_takes_no_turn
    failing_child_cancels_the_others
    failing_child_cancels_the_body
    failing_body_cancels_the_children
    failing_body_leaves_what_has_not_begun
    sibling_that_is_due_in_the_iteration_of_the_failure
    several_fail_in_one_iteration
    child_of_a_failing_group_that_starts_another
    cancelled_child_is_no_error
    group_is_cancelled_while_it_waits
    group_is_cancelled_in_its_body
    inner_group_fails
    limit_of_a_group
    goes_on_after_the_last
    body_awaits_the_child_that_fails
    child_fails_as_the_body_ends
    body_fails_as_a_child_fails
    sibling_fails_in_its_clean_up
    groups_one_after_the_other
    awaiter_of_a_child_and_the_group
}

type Given = Result<&'static str, &'static str>;

async fn child(name: &'static str, delay: u64) -> Given {
    let _left = finally(format!("{name} is left"));
    log!("{name} starts");
    sleep(secs(delay)).await;
    log!("{name} ends");
    Ok(name)
}

async fn fails(name: &'static str, delay: u64) -> Given {
    if delay > 0 {
        sleep(secs(delay)).await;
    }
    log!("{name} fails");
    Err(name)
}

async fn errors<T, E: Display>(group: impl Future<Output = Result<T, GroupError<E>>>) {
    let Err(error) = group.await else {
        return log("no errors");
    };
    let errors: Vec<_> = error.errors().iter().map(ToString::to_string).collect();
    log!("errors: {}", errors.join(" "));
}

/// What a body gives that does not fail.
const DONE: Result<(), &str> = Ok(());

async fn waits_for_all() {
    let names = TaskGroup::scope(async |group| {
        let (a, b) = (group.spawn(child("a", 2)), group.spawn(child("b", 1)));
        log("the body ends");
        Ok((a, b))
    });
    let (a, b) = names.await.unwrap_or_else(|_| panic!("no child fails"));
    log!(
        "the group ends with {} {}",
        outcome(a).await,
        outcome(b).await
    );
}

async fn children_start_after_what_is_ready() {
    let other = spawn(ticks(2));
    let group = TaskGroup::scope(async |group| {
        for name in ["a", "b", "c"] {
            drop(group.spawn(child(name, 0)));
        }
        DONE
    });
    assert!(group.await.is_ok());
    outcome(other).await;
}

async fn child_starts_another() {
    let group = TaskGroup::scope(async |group| {
        let starter = group.clone();
        drop(group.spawn(async move {
            sleep(secs(1)).await;
            log("a starts b");
            drop(starter.spawn(child("b", 1)));
            DONE
        }));
        DONE
    });
    assert!(group.await.is_ok());
    log("the group ends");
}

async fn nothing_in_it_takes_no_turn() {
    let other = spawn(ticks(1));
    let group = TaskGroup::scope(async |_| {
        log("the body ends");
        DONE
    });
    assert!(group.await.is_ok());
    log("the group ends");
    outcome(other).await;
}

async fn failing_child_cancels_the_others() {
    errors(TaskGroup::scope(async |group| {
        drop(group.spawn(child("a", 5)));
        drop(group.spawn(fails("b", 1)));
        log("the body ends");
        DONE
    }))
    .await;
}

async fn failing_child_cancels_the_body() {
    errors(TaskGroup::scope(async |group| {
        drop(group.spawn(fails("a", 1)));
        let _left = finally("the body is left");
        sleep(secs(5)).await;
        DONE
    }))
    .await;
}

async fn failing_body_cancels_the_children() {
    errors(TaskGroup::scope(async |group| {
        drop(group.spawn(child("a", 5)));
        sleep(secs(1)).await;
        log("the body fails");
        Err::<(), _>("body")
    }))
    .await;
}

async fn failing_body_leaves_what_has_not_begun() {
    errors(TaskGroup::scope(async |group| {
        drop(group.spawn(child("a", 5)));
        log("the body fails");
        Err::<(), _>("body")
    }))
    .await;
}

async fn sibling_that_is_due_in_the_iteration_of_the_failure() {
    errors(TaskGroup::scope(async |group| {
        drop(group.spawn(fails("a", 0)));
        drop(group.spawn(child("b", 5)));
        DONE
    }))
    .await;
}

async fn several_fail_in_one_iteration() {
    errors(TaskGroup::scope(async |group| {
        for name in ["a", "b", "c"] {
            drop(group.spawn(fails(name, 0)));
        }
        DONE
    }))
    .await;
}

async fn child_of_a_failing_group_that_starts_another() {
    errors(TaskGroup::scope(async |group| {
        let starter = group.clone();
        drop(group.spawn(fails("a", 0)));
        drop(group.spawn(async move {
            log("b starts c");
            drop(starter.spawn(child("c", 5)));
            sleep(secs(5)).await;
            DONE
        }));
        DONE
    }))
    .await;
}

async fn cancelled_child_is_no_error() {
    errors(TaskGroup::scope(async |group| {
        let a = group.spawn(child("a", 5));
        drop(group.spawn(child("b", 2)));
        sleep(secs(1)).await;
        a.cancel();
        log!("a {}", outcome(a).await);
        DONE
    }))
    .await;
}

async fn group_is_cancelled_while_it_waits() {
    let task = spawn(async {
        let _left = finally("the group is left");
        errors(TaskGroup::scope(async |group| {
            drop(group.spawn(child("a", 5)));
            DONE
        }))
        .await;
    });
    sleep(secs(1)).await;
    task.cancel();
    log(outcome(task).await);
}

async fn group_is_cancelled_in_its_body() {
    let task = spawn(errors(TaskGroup::scope(async |group| {
        drop(group.spawn(child("a", 5)));
        let _left = finally("the body is left");
        sleep(secs(5)).await;
        DONE
    })));
    sleep(secs(1)).await;
    task.cancel();
    log(outcome(task).await);
}

async fn inner_group_fails() {
    let inner = TaskGroup::scope(async |group| {
        drop(group.spawn(child("b", 5)));
        drop(group.spawn(fails("c", 1)));
        DONE
    });
    let outer = TaskGroup::scope(async |group| {
        drop(group.spawn(async { child("a", 5).await.map(drop).map_err(|_| "a") }));
        drop(group.spawn(async { inner.await.map_err(|_| "inner") }));
        DONE
    });
    if let Err(error) = outer.await {
        log!("errors: {}", error.errors().len());
    }
}

async fn limit_of_a_group() {
    let group = TaskGroup::scope(async |group| {
        drop(group.spawn(child("a", 5)));
        DONE
    });
    if timeout(secs(1), group).await.is_err() {
        log("late");
    }
}

async fn goes_on_after_the_last() {
    let other = spawn(ticks(6));
    let group = TaskGroup::scope(async |group| {
        for count in [1, 2] {
            drop(group.spawn(async move {
                yields(count).await;
                DONE
            }));
        }
        DONE
    });
    assert!(group.await.is_ok());
    log("the group ends");
    outcome(other).await;
}

async fn body_awaits_the_child_that_fails() {
    errors(TaskGroup::scope(async |group| {
        let a = group.spawn(fails("a", 1));
        let _left = finally("the body is left");
        outcome(a).await;
        DONE
    }))
    .await;
}

async fn child_fails_as_the_body_ends() {
    errors(TaskGroup::scope(async |group| {
        drop(group.spawn(fails("a", 1)));
        sleep(secs(1)).await;
        log("the body ends");
        DONE
    }))
    .await;
}

async fn body_fails_as_a_child_fails() {
    errors(TaskGroup::scope(async |group| {
        drop(group.spawn(fails("a", 0)));
        yield_now().await;
        log("the body fails");
        Err::<(), _>("body")
    }))
    .await;
}

async fn sibling_fails_in_its_clean_up() {
    struct Fails;
    impl Drop for Fails {
        fn drop(&mut self) {
            log("b fails");
            raise("b");
        }
    }
    let group = TaskGroup::scope(async |group| {
        drop(group.spawn(fails("a", 1)));
        drop(group.spawn(async {
            let _fails = Fails;
            sleep(secs(5)).await;
            DONE
        }));
        DONE
    });
    let Err(error) = group.await else {
        return log("no errors");
    };
    let errors = error.into_errors().into_iter().map(|error| match error {
        GroupFailure::Error(error) => error.to_owned(),
        GroupFailure::Panicked(panic) => told::<()>(Err(panic)).replace("failed: ", ""),
    });
    log!("errors: {}", errors.collect::<Vec<_>>().join(" "));
}

async fn groups_one_after_the_other() {
    for name in ["a", "b"] {
        let group = TaskGroup::scope(async |group| {
            drop(group.spawn(child(name, 1)));
            DONE
        });
        assert!(group.await.is_ok());
        log!("group {name} ends");
    }
}

async fn awaiter_of_a_child_and_the_group() {
    let group = TaskGroup::scope(async |group| {
        let a = group.spawn(child("a", 1));
        let other = spawn(outcome(a));
        other.add_done_callback(|_| log("the awaiter has it"));
        Ok::<_, &str>(other)
    });
    let other = group.await;
    log("the group ends");
    outcome(other.unwrap_or_else(|_| panic!("no child fails"))).await;
}
