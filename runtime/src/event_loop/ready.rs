//! The ready queue: which tasks run next, in the order in which they were woken.
//!
//! *Input*: [`Notified`] tasks, from the loop's own thread. *Output*: the same, first in, first out. *Invariant*: no
//! lock, no borrow that lasts while a task runs, so running tasks may add to it.

use std::cell::RefCell;
use std::collections::VecDeque;

use super::order::Order;
use crate::task::Notified;

#[derive(Default)]
pub(crate) struct ReadyQueue(RefCell<VecDeque<Notified>>);

impl ReadyQueue {
    pub(crate) fn push(&self, task: Notified) {
        self.0.borrow_mut().push_back(task);
    }

    pub(crate) fn pop(&self) -> Option<Notified> {
        self.0.borrow_mut().pop_front()
    }

    /// Puts them in another order.
    pub(crate) fn shuffle(&self, order: &Order) {
        let mut tasks = self.0.borrow_mut();
        for end in (1..tasks.len()).rev() {
            tasks.swap(end, order.below(end + 1));
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
}
