//! What is allocated: counted by the allocator of this test binary.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::future::Future;
use std::time::Duration;

use coloop::{
    gather, run, sleep, spawn, wait, yield_now, Condition, Event, Lock, ReturnWhen, Semaphore,
};

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: it hands everything to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The number of allocations of the second of two rounds: queues have then grown.
async fn allocations<F: Future>(mut round: impl FnMut() -> F) -> usize {
    round().await;
    let before = COUNT.get();
    round().await;
    COUNT.get() - before
}

#[test]
fn a_task_is_one_allocation() {
    run(async {
        let one = allocations(|| async { spawn(async { [1_u8; 200] }).await.unwrap() }).await;
        assert_eq!(one, 1);
        let hundred = allocations(|| async {
            for _ in 0..100 {
                spawn(yield_now());
            }
            yield_now().await;
            yield_now().await;
        })
        .await;
        assert_eq!(hundred, 100);
    });
}

#[test]
fn turns_timers_and_small_gathers_allocate_nothing() {
    run(async {
        assert_eq!(allocations(yield_now).await, 0);
        assert_eq!(allocations(|| sleep(Duration::from_millis(1))).await, 0);
        let three = || async { gather!(yield_now(), async { 1 }, yield_now()).await };
        assert_eq!(allocations(three).await, 0);
    });
}

#[test]
fn waiting_for_a_primitive_allocates_nothing() {
    run(async {
        let (lock, event) = (Lock::new(()), Event::new());
        let (semaphore, condition) = (Semaphore::new(1), Condition::new(0));
        let round = || async {
            event.clear();
            let user = || async {
                event.wait().await;
                let _permit = semaphore.acquire().await;
                let _guard = lock.lock().await;
                yield_now().await;
                let mut counter = condition.lock().await.wait_for(|n| *n > 0).await;
                *counter -= 1;
            };
            let setter = async {
                event.set();
                for _ in 0..3 {
                    let mut counter = condition.lock().await;
                    *counter += 1;
                    counter.notify(1);
                    yield_now().await;
                }
            };
            gather!(user(), user(), user(), setter).await;
        };
        assert_eq!(allocations(round).await, 0);
    });
}

#[test]
fn the_turns_of_a_wait_for_tasks_allocate_nothing() {
    /// Tasks that end in the given iterations.
    async fn waited(ends: [usize; 4]) {
        let tasks = ends.map(|end| {
            spawn(async move {
                for _ in 0..end {
                    yield_now().await;
                }
            })
        });
        wait(tasks, ReturnWhen::AllCompleted).await;
    }
    run(async {
        let at_once = allocations(|| waited([1, 1, 1, 1])).await;
        let one_by_one = allocations(|| waited([1, 2, 3, 4])).await;
        assert_eq!(one_by_one, at_once);
    });
}
