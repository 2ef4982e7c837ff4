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
        why: "dropping the handle of a task does not cancel it: whoever waits for a task does not own it",
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
        scenario: "locks.newcomer_after_a_cancelled_waiter",
        first: ("main has", "another task has a turn"),
        why: LEAVES_IN_ITS_TURN,
    },
];

const LEAVES_IN_ITS_TURN: &str =
    "a cancelled task stands in its queue until it is dropped, in its next turn: who comes after it waits for that";
