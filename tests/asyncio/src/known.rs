//! Where coloop is not as asyncio, and why.
//!
//! *Invariant*: each entry differs, in the first line that it names; `docs/asyncio.md` has all of them.

/// A scenario that differs.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Topic and function.
    pub scenario: &'static str,
    /// The first line that is not the same: on asyncio, and on coloop.
    pub first: (&'static str, &'static str),
    /// Why that is so, and is to remain.
    pub why: &'static str,
}

/// All of them.
pub const KNOWN: &[Known] = &[
    Known {
        scenario: "cancellation.of_one_that_awaits_a_task",
        first: ("inner is left", "outer is left"),
        why: OWNS_NOTHING,
    },
    Known {
        scenario: "cancellation.that_is_refused",
        first: ("a refuses", "cancelled"),
        why: "a cancellation is a drop, which nobody can refuse",
    },
    Known {
        scenario: "cancellation.with_an_await_in_the_clean_up",
        first: ("a has cleaned up", "cancelled"),
        why: "a cancellation is a drop, in which nothing can be awaited",
    },
    Known {
        scenario: "conditions.cancelled_waiter_has_the_lock_once_more",
        first: ("not yet", "ended"),
        why: "a drop cannot wait for the lock; the guard is gone, so nothing can be done without it",
    },
    Known {
        scenario: "conditions.wait_for_is_cancelled",
        first: ("b goes on", "a cancelled"),
        why: "asyncio wakes another waiter whenever one is cancelled; here only if that had been notified",
    },
    Known {
        scenario: "futures.waiter_that_is_cancelled",
        first: ("b is left", "not cancelled"),
        why: "a promise is not owned by who waits for it, so cancelling one waiter leaves it to the others",
    },
    Known {
        scenario: "gather.awaiter_goes_on_after_the_last",
        first: ("tick 3", "main has both"),
        why: NO_CALLBACK,
    },
    Known {
        scenario: "gather.child_that_fails_leaves_the_others",
        first: ("main is told of boom", "a is left"),
        why: "the children are part of the task that awaits them, so a panic is that of all; tasks go on",
    },
    Known {
        scenario: "gather.coroutines_start_when_it_is_awaited",
        first: ("tick 0", "a starts"),
        why: "no tasks are made: the children begin in the turn of who awaits them; for tasks, gather tasks",
    },
    Known {
        scenario: "locks.newcomer_after_a_cancelled_waiter",
        first: ("main has", "another task has a turn"),
        why: LEAVES_IN_ITS_TURN,
    },
    Known {
        scenario: "semaphores.newcomer_after_a_cancelled_waiter",
        first: ("main has", "another task has a turn"),
        why: LEAVES_IN_ITS_TURN,
    },
    Known {
        scenario: "semaphores.waiter_is_cancelled_in_the_turn_of_the_release",
        first: ("b has", "tick 1"),
        why: LEAVES_IN_ITS_TURN,
    },
    Known {
        scenario: "sleeps.many_equal_deadlines",
        first: ("c wakes after 1", "b wakes after 1"),
        why: "asyncio promises no order of equal deadlines; here it is that in which they were set",
    },
    Known {
        scenario: "task_groups.goes_on_after_the_last",
        first: ("tick 4", "the group ends"),
        why: NO_CALLBACK,
    },
    Known {
        scenario: "task_groups.group_is_cancelled_while_it_waits",
        first: ("a is left", "the group is left"),
        why: DROPPED_GROUP,
    },
    Known {
        scenario: "task_groups.limit_of_a_group",
        first: ("a is left", "late"),
        why: DROPPED_GROUP,
    },
    Known {
        scenario: "timeouts.equal_limits_one_in_the_other",
        first: ("outer is left", "inner is late"),
        why: "the inner limit is looked at first, and what it leads to is in time for the outer one",
    },
    Known {
        scenario: "timeouts.event_is_set_in_the_iteration_of_the_limit",
        first: ("a is left", "a goes on"),
        why: "what is there when the limit is looked at is not thrown away",
    },
    Known {
        scenario: "timeouts.wait_for_a_task",
        first: ("a is left", "late"),
        why: OWNS_NOTHING,
    },
    Known {
        scenario: "timeouts.wait_for_of_zero",
        first: ("late", "a starts"),
        why: "a future is polled before the clock is looked at, and cannot be told from one that has begun",
    },
    Known {
        scenario: "wait.ended_ones_are_waited_for",
        first: ("tick 0", "done a"),
        why: NO_CALLBACK,
    },
    Known {
        scenario: "wait.one_ends_an_iteration_after_the_first",
        first: ("done a b", "done a"),
        why: NO_CALLBACK,
    },
    Known {
        scenario: "wait.waiter_goes_on_after_the_last",
        first: ("tick 3", "main has both"),
        why: NO_CALLBACK,
    },
];

const DROPPED_GROUP: &str =
    "a drop cannot wait: the tasks of a group that is dropped are cancelled, and end in their next turns";

const LEAVES_IN_ITS_TURN: &str =
    "a cancelled task stands in its queue until it is dropped, in its next turn: what it was in line for is passed on then";

const NO_CALLBACK: &str =
    "a task that ends wakes who waits for it; asyncio calls a callback first, which takes an iteration more";

const OWNS_NOTHING: &str =
    "who waits for a task does not own it: dropping the handle does not cancel the task";
