//! The timers of a loop: a heap of deadlines.
//!
//! *Input*: deadlines with wakers, set and cancelled at any time. *Output*: the wakers that are due, by deadline, equal
//! deadlines in the order in which they were set.
//!
//! *Invariant*: `live` holds exactly the timers that have neither fired nor been cancelled. Their entries are in the
//! heap; entries of cancelled timers stay there until they reach the top, or until they are the majority of more than
//! [`REBUILD_ABOVE`] entries and the heap is rebuilt. A key may be used again, a sequence number never is: an entry is
//! live if both agree. Wakers are cloned, dropped and woken while the heap is not borrowed.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::mem;
use std::task::Waker;
use std::time::Instant;

use crate::slab::Slab;

/// The number of entries above which cancelled ones are counted; asyncio's.
const REBUILD_ABOVE: usize = 100;

#[derive(Default)]
pub(crate) struct Timers(RefCell<Heap>);

/// A timer that has been set.
#[derive(Clone, Copy)]
pub(crate) struct TimerId {
    key: usize,
    sequence: u64,
}

#[derive(Default)]
struct Heap {
    entries: BinaryHeap<Reverse<Entry>>,
    live: Slab<Timer>,
    next_sequence: u64,
}

/// Ordered by the fields in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    deadline: Instant,
    sequence: u64,
    key: usize,
}

struct Timer {
    sequence: u64,
    waker: Waker,
}

impl Timers {
    pub(crate) fn set(&self, deadline: Instant, waker: Waker) -> TimerId {
        let heap = &mut *self.0.borrow_mut();
        let sequence = heap.next_sequence;
        heap.next_sequence += 1;
        let key = heap.live.insert(Timer { sequence, waker });
        heap.entries.push(Reverse(Entry {
            deadline,
            sequence,
            key,
        }));
        TimerId { key, sequence }
    }

    /// Whether the timer has still to fire; if so, `waker` is the one to wake.
    pub(crate) fn update(&self, timer: TimerId, waker: &Waker) -> bool {
        match self.0.borrow_mut().live_mut(timer) {
            None => return false,
            Some(live) if live.waker.will_wake(waker) => return true,
            Some(_) => {}
        }
        let mut waker = waker.clone();
        if let Some(live) = self.0.borrow_mut().live_mut(timer) {
            mem::swap(&mut live.waker, &mut waker);
        }
        true
    }

    /// Forgets the timer, if it has still to fire.
    pub(crate) fn cancel(&self, timer: TimerId) {
        let mut heap = self.0.borrow_mut();
        if heap.live_mut(timer).is_none() {
            return;
        }
        let cancelled = heap.live.remove(timer.key);
        if heap.entries.len() > REBUILD_ABOVE && heap.live.len() * 2 < heap.entries.len() {
            heap.discard_all_cancelled();
        }
        drop(heap);
        drop(cancelled);
    }

    /// The first deadline, after cancelled timers have been discarded from the top of the heap.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        let mut heap = self.0.borrow_mut();
        heap.discard_cancelled_top();
        heap.entries.peek().map(|Reverse(entry)| entry.deadline)
    }

    /// The waker of the first timer that is due at `now`; it has then fired.
    pub(crate) fn pop_due(&self, now: Instant) -> Option<Waker> {
        let mut heap = self.0.borrow_mut();
        heap.discard_cancelled_top();
        let Reverse(entry) = *heap.entries.peek()?;
        if entry.deadline > now {
            return None;
        }
        heap.entries.pop();
        heap.live.remove(entry.key).map(|timer| timer.waker)
    }

    /// Forgets all timers.
    pub(crate) fn clear(&self) {
        let mut heap = self.0.borrow_mut();
        heap.entries.clear();
        let timers = heap.live.take_all();
        drop(heap);
        drop(timers);
    }
}

impl Heap {
    fn live_mut(&mut self, timer: TimerId) -> Option<&mut Timer> {
        let live = self.live.get_mut(timer.key)?;
        (live.sequence == timer.sequence).then_some(live)
    }

    fn discard_cancelled_top(&mut self) {
        while let Some(Reverse(entry)) = self.entries.peek() {
            if is_live(&self.live, entry) {
                return;
            }
            self.entries.pop();
        }
    }

    fn discard_all_cancelled(&mut self) {
        let live = &self.live;
        self.entries.retain(|Reverse(entry)| is_live(live, entry));
    }
}

fn is_live(live: &Slab<Timer>, entry: &Entry) -> bool {
    live.get(entry.key)
        .is_some_and(|timer| timer.sequence == entry.sequence)
}

#[cfg(test)]
mod tests {
    use std::task::Waker;
    use std::time::{Duration, Instant};

    use super::{Timers, REBUILD_ABOVE};

    #[test]
    fn most_cancelled_rebuilds_the_heap() {
        let timers = Timers::default();
        let start = Instant::now();
        let at = |n: u64| start + Duration::from_secs(n);
        let ids: Vec<_> = (0..200)
            .map(|n| timers.set(at(n), Waker::noop().clone()))
            .collect();
        for id in &ids[1..] {
            timers.cancel(*id);
        }
        assert!(timers.0.borrow().entries.len() <= REBUILD_ABOVE);
        assert_eq!(timers.next_deadline(), Some(at(0)));
        timers.cancel(ids[0]);
        assert_eq!(timers.next_deadline(), None);
        assert_eq!(timers.0.borrow().entries.len(), 0);
    }

    #[test]
    fn a_reused_key_does_not_revive_a_cancelled_timer() {
        let timers = Timers::default();
        let start = Instant::now();
        let waker = Waker::noop();
        let first = timers.set(start, waker.clone());
        timers.cancel(first);
        let second = timers.set(start + Duration::from_secs(1), waker.clone());
        assert_eq!(first.key, second.key);
        assert!(!timers.update(first, waker));
        assert!(timers.update(second, waker));
        assert!(timers.pop_due(start).is_none());
        assert!(timers.pop_due(start + Duration::from_secs(1)).is_some());
        assert!(!timers.update(second, waker));
    }
}
