//! Callbacks that the loop calls for something outside: one for each key and loop.
//!
//! *Input*: the tasks that call them. *Output*: none. *Invariant*: the one that is replaced or removed is cancelled.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::Task;

pub(crate) struct Handlers<K>(RefCell<BTreeMap<K, Task<()>>>);

impl<K: Ord> Handlers<K> {
    pub(crate) fn set(&self, key: K, task: Task<()>) {
        let before = self.0.borrow_mut().insert(key, task);
        if let Some(before) = before {
            before.cancel();
        }
    }

    /// Says whether there was one.
    pub(crate) fn remove(&self, key: K) -> bool {
        let removed = self.0.borrow_mut().remove(&key);
        removed.is_some_and(|task| {
            task.cancel();
            true
        })
    }
}

impl<K> Default for Handlers<K> {
    fn default() -> Self {
        Handlers(RefCell::default())
    }
}
