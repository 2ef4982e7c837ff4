//! The inbox against threads that put something there: a loop that waits is woken, and what arrives is dropped once.

use std::sync::Arc;

use loom::thread;

use super::inbox::{Arrival, Inbox};
use crate::driver::Notifier;
use crate::model::{check, Drops, Guard};

/// An inbox as a loop uses it.
#[derive(Clone)]
struct Loop {
    inbox: Arc<Inbox>,
    notifier: Notifier,
}

impl Loop {
    fn new() -> Self {
        let notifier = Notifier::default();
        Loop {
            inbox: Arc::new(Inbox::new(notifier.clone())),
            notifier,
        }
    }

    /// Another thread, which leaves calls that drop a guard each.
    fn call_from_elsewhere(&self, guards: Vec<Guard>) -> thread::JoinHandle<Vec<bool>> {
        let inbox = Arc::clone(&self.inbox);
        let call = move |guard| inbox.call(Box::new(move || drop(guard)));
        thread::spawn(move || guards.into_iter().map(call).collect())
    }

    /// An iteration that may sleep; whether it did.
    fn iterate(&self, arrived: &mut Vec<Arrival>) -> bool {
        let may_wait = self.inbox.prepare_wait();
        if may_wait {
            self.notifier.wait(true);
        }
        self.inbox.collect(arrived);
        may_wait
    }

    /// Iterates until there are that many; how often it has slept.
    fn iterate_until(&self, count: usize, arrived: &mut Vec<Arrival>) -> usize {
        let mut sleeps = 0;
        while arrived.len() < count {
            sleeps += usize::from(self.iterate(arrived));
        }
        sleeps
    }
}

#[test]
fn a_loop_that_waits_is_woken_by_what_arrives() {
    check(|| {
        let (here, mut arrived) = (Loop::new(), Vec::new());
        let caller = here.call_from_elsewhere(vec![Drops::default().guard()]);
        let sleeps = here.iterate_until(1, &mut arrived);
        assert_eq!(caller.join().unwrap(), [true]);
        assert_eq!(here.notifier.count(), sleeps);
    });
}

#[test]
fn two_threads_wake_it_once() {
    check(|| {
        let (here, mut arrived) = (Loop::new(), Vec::new());
        let callers = [(); 2].map(|()| here.call_from_elsewhere(vec![Drops::default().guard()]));
        let sleeps = here.iterate_until(2, &mut arrived);
        assert!(callers.map(|caller| caller.join().unwrap()) == [[true], [true]]);
        assert_eq!(here.notifier.count(), sleeps);
    });
}

#[test]
fn a_loop_that_is_busy_is_not_signalled() {
    check(|| {
        let (here, mut arrived) = (Loop::new(), Vec::new());
        let caller = here.call_from_elsewhere(vec![Drops::default().guard()]);
        here.inbox.collect(&mut arrived);
        assert_eq!(caller.join().unwrap(), [true]);
        assert_eq!(here.notifier.count(), 0);
    });
}

#[test]
fn a_loop_that_something_else_has_woken_is_not_signalled() {
    check(|| {
        let (here, mut arrived) = (Loop::new(), Vec::new());
        let caller = here.call_from_elsewhere(vec![Drops::default().guard()]);
        here.inbox.prepare_wait();
        here.notifier.wait(false);
        here.inbox.collect(&mut arrived);
        assert_eq!(caller.join().unwrap(), [true]);
        assert!(here.notifier.count() <= arrived.len());
    });
}

#[test]
fn what_one_thread_leaves_arrives_in_its_order() {
    check(|| {
        let (here, mut arrived) = (Loop::new(), Vec::new());
        let drops = [Drops::default(), Drops::default()];
        let guards = drops.iter().map(Drops::guard).collect();
        let caller = here.call_from_elsewhere(guards);
        here.iterate_until(2, &mut arrived);
        assert_eq!(caller.join().unwrap(), [true, true]);
        drop(arrived.remove(0));
        drops[0].assert_once();
        drop(arrived);
        drops[1].assert_once();
    });
}

#[test]
fn what_arrives_while_the_inbox_is_closed_is_dropped() {
    check(|| {
        let (here, mut arrived) = (Loop::new(), Vec::new());
        let drops = [Drops::default(), Drops::default()];
        let guards = drops.iter().map(Drops::guard).collect();
        let caller = here.call_from_elsewhere(guards);
        here.inbox.collect(&mut arrived);
        here.inbox.close();
        let accepted = caller.join().unwrap();
        assert_ne!(accepted, [false, true]);
        assert!(accepted.iter().filter(|accepted| **accepted).count() >= arrived.len());
        drop(arrived);
        drops.iter().for_each(Drops::assert_once);
    });
}
