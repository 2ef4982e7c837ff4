//! Programs that nobody has written: tasks that do what a sequence of numbers says, with what they share.
//!
//! *Input*: a seed. *Output*: what each task has done, in order. *Invariant*: no two sleeps end at the same time; what is left
//! waiting when nothing happens any more is cancelled.

use std::cell::RefCell;
use std::rc::Rc;

use coloop::sync::{OwnedLockGuard, OwnedSemaphorePermit};
use coloop::{
    sleep, spawn, yield_now, Barrier, Condition, Event, Lock, Queue, Semaphore, TaskHandle,
};

use crate::log::secs;
use crate::scenario::scenarios;

scenarios! { "random_programs":
    without_cancellation
    with_cancellation
}

const PROGRAMS: u64 = 500;
const TASKS: usize = 4;
const STEPS: usize = 8;
const LONGEST_SLEEP: u64 = 10_000;
const KINDS: [&str; 16] = [
    "yield",
    "lock",
    "release",
    "semaphore",
    "wait",
    "set",
    "clear",
    "put",
    "get",
    "barrier",
    "sleep",
    "yield",
    "release",
    "get",
    "put",
    "lock",
];
// Not both: asyncio wakes another waiter of a condition when one is cancelled.
const NOTIFYING: [&str; 4] = ["notify", "notified", "notify", "notified"];
const CANCELLING: [&str; 1] = ["cancel"];

struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = (self.0 * 1_103_515_245 + 12345) & 0x7fff_ffff;
        (self.0 >> 8) % limit
    }
}

#[derive(Clone, Copy)]
struct Step {
    kind: &'static str,
    which: usize,
    long: u64,
}

struct Shared {
    locks: [Rc<Lock<()>>; 2],
    semaphores: [Rc<Semaphore>; 2],
    events: [Event; 2],
    queues: [Queue<u64>; 2],
    conditions: [Condition<()>; 2],
    barriers: [Barrier; 2],
    tasks: RefCell<Vec<TaskHandle>>,
}

impl Shared {
    fn new() -> Self {
        Shared {
            locks: Default::default(),
            semaphores: [1, 2].map(|permits| Rc::new(Semaphore::new(permits))),
            events: Default::default(),
            queues: [1, 2].map(Queue::new),
            conditions: Default::default(),
            barriers: [2, 3].map(Barrier::new),
            tasks: RefCell::default(),
        }
    }
}

/// What a task holds, of which it is released what came last first.
#[derive(Default)]
struct Held(Vec<Guard>);

#[allow(dead_code, reason = "they are there to be dropped")]
enum Guard {
    Lock(OwnedLockGuard<()>),
    Semaphore(OwnedSemaphorePermit),
}

impl Drop for Held {
    fn drop(&mut self) {
        while self.0.pop().is_some() {}
    }
}

/// Does one step; gives what it has got.
async fn perform(
    shared: &Shared,
    held: &mut Held,
    Step { kind, which, long }: Step,
) -> Option<u64> {
    match kind {
        "yield" => yield_now().await,
        "lock" => {
            let guard = Rc::clone(&shared.locks[which]).lock_owned().await;
            held.0.push(Guard::Lock(guard));
        }
        "semaphore" => {
            let permit = Rc::clone(&shared.semaphores[which]).acquire_owned().await;
            held.0.push(Guard::Semaphore(permit));
        }
        "release" => drop(held.0.pop()),
        "wait" => shared.events[which].wait().await,
        "set" => shared.events[which].set(),
        "clear" => shared.events[which].clear(),
        "put" => assert!(shared.queues[which].put(long).await.is_ok()),
        "get" => return shared.queues[which].get().await.ok(),
        "notify" => {
            let count = if long % 2 == 0 { 1 } else { 2 };
            shared.conditions[which].lock().await.notify(count);
        }
        "notified" => drop(shared.conditions[which].lock().await.wait().await),
        "barrier" => {
            let number = shared.barriers[which].wait().await;
            return number.ok().and_then(|number| number.try_into().ok());
        }
        "sleep" => sleep(secs(1 + long)).await,
        _ => {
            let task = shared.tasks.borrow()[(long % 4) as usize].clone();
            task.cancel();
            yield_now().await;
        }
    }
    None
}

async fn runs(shared: Rc<Shared>, program: u64, name: usize, steps: Vec<Step>) {
    let mut held = Held::default();
    for step in steps {
        let given = perform(&shared, &mut held, step).await;
        let given = given.map_or_else(String::new, |given| given.to_string());
        log!("{program} {name} {} {} {given}", step.kind, step.which);
    }
}

fn step(numbers: &mut Numbers, kinds: &[&'static str]) -> Step {
    let kind = numbers.below(kinds.len() as u64);
    Step {
        kind: kinds[kind as usize],
        which: usize::from(numbers.below(2) == 1),
        long: numbers.below(LONGEST_SLEEP),
    }
}

async fn program(seed: u64, kinds: &[&'static str]) {
    let (mut numbers, shared) = (Numbers(seed), Rc::new(Shared::new()));
    for name in 0..TASKS {
        let steps = (0..STEPS).map(|_| step(&mut numbers, kinds)).collect();
        let task = spawn(runs(Rc::clone(&shared), seed, name, steps)).handle();
        shared.tasks.borrow_mut().push(task);
    }
    sleep(secs(LONGEST_SLEEP * 32)).await;
    let tasks = shared.tasks.take();
    for (name, task) in tasks.iter().enumerate() {
        log!(
            "{seed} {name} {}",
            if task.is_finished() { "ended" } else { "waits" }
        );
        task.cancel();
    }
    while tasks.iter().any(|task| !task.is_finished()) {
        yield_now().await;
    }
}

async fn without_cancellation() {
    for seed in 0..PROGRAMS {
        program(seed, &[&KINDS[..], &NOTIFYING].concat()).await;
    }
}

async fn with_cancellation() {
    for seed in 0..PROGRAMS {
        program(seed, &[&KINDS[..], &CANCELLING].concat()).await;
    }
}
