//! The atomic word alone, without a limit to what is tried.

use std::sync::Arc;

use loom::{model, thread};

use crate::shared::atomic::{AtomicBool, Ordering::Relaxed};
use crate::shared::{self, Witness};
use crate::task::state::{State, Turn};

/// A task between two turns, with as many references as a new one.
fn idle() -> Arc<State> {
    let state = State::new();
    assert_eq!(state.begin_turn(), Turn::Poll);
    Arc::new(state)
}

#[test]
fn of_two_wakes_one_queues_the_task() {
    model(|| {
        let state = idle();
        let other = thread::spawn({
            let state = Arc::clone(&state);
            move || state.schedule()
        });
        let here = state.schedule();
        assert!(here ^ other.join().unwrap());
    });
}

#[test]
fn a_wake_queues_the_task_or_is_seen_by_the_turn_that_begins() {
    model(|| {
        let state = Arc::new(State::new());
        let is_set = Arc::new(AtomicBool::new(false));
        let waker = thread::spawn({
            let (state, is_set) = (Arc::clone(&state), Arc::clone(&is_set));
            move || {
                is_set.store(true, Relaxed);
                state.schedule()
            }
        });
        assert_eq!(state.begin_turn(), Turn::Poll);
        let is_seen = is_set.load(Relaxed);
        assert!(is_seen | waker.join().unwrap());
    });
}

#[test]
fn no_wake_queues_a_completed_task() {
    model(|| {
        let state = idle();
        let waker = thread::spawn({
            let state = Arc::clone(&state);
            move || state.schedule()
        });
        assert!(state.complete());
        assert!(!state.schedule());
        let was_queued = waker.join().unwrap();
        assert_eq!(state.begin_turn(), Turn::Nothing);
        assert!(!was_queued || !state.schedule());
    });
}

#[test]
fn a_request_to_cancel_is_kept_whoever_wakes() {
    model(|| {
        let state = idle();
        let waker = thread::spawn({
            let state = Arc::clone(&state);
            move || state.schedule()
        });
        assert!(state.request_cancel());
        let is_queued = state.schedule();
        assert!(is_queued ^ waker.join().unwrap());
        assert_eq!(state.begin_turn(), Turn::Cancel);
    });
}

#[test]
fn one_of_three_releases_is_the_last_and_comes_after_every_use() {
    model(|| {
        let task = shared::Arc::new((State::new(), Witness::default()));
        let use_and_release = |task: &(State, Witness)| {
            task.1.used();
            let is_last = task.0.release();
            if is_last {
                task.1.freed();
            }
            usize::from(is_last)
        };
        let others = [(); 2].map(|()| {
            let task = shared::Arc::clone(&task);
            thread::spawn(move || use_and_release(&task))
        });
        let mut frees = use_and_release(&task);
        for other in others {
            frees += other.join().unwrap();
        }
        assert_eq!(frees, 1);
    });
}
