//! `Queue`, `PriorityQueue`, `LifoQueue`: the cases of CPython's `test_queues` under their own names, and others.

mod common;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use coloop::sync::{PutError, QueueShutDown, TryGetError, TryPutError};
use coloop::{gather, run, sleep, spawn, yield_now, LifoQueue, PriorityQueue, Queue};
use common::{iterations, ByHand, Trace};

#[test]
fn test_order() {
    let queue = Queue::new(0);
    for n in [1, 3, 2] {
        queue.try_put(n).unwrap();
    }
    let items: Vec<u32> = (0..3).map(|_| queue.try_get().unwrap()).collect();
    assert_eq!(items, [1, 3, 2]);
}

#[test]
fn test_order_of_a_lifo_queue() {
    let queue = LifoQueue::new(0);
    for n in [1, 3, 2] {
        queue.try_put(n).unwrap();
    }
    let items: Vec<u32> = (0..3).map(|_| queue.try_get().unwrap()).collect();
    assert_eq!(items, [2, 3, 1]);
}

#[test]
fn test_order_of_a_priority_queue() {
    let queue = PriorityQueue::new(0);
    for n in [1, 3, 2] {
        queue.try_put(n).unwrap();
    }
    let items: Vec<u32> = (0..3).map(|_| queue.try_get().unwrap()).collect();
    assert_eq!(items, [1, 2, 3]);
}

#[test]
fn test_repr() {
    let queue = Queue::new(2);
    queue.try_put(1).unwrap();
    assert_eq!(
        format!("{queue:?}"),
        "Queue { len: 1, maxsize: 2, getters: 0, putters: 0, unfinished: 1 }"
    );
    queue.try_put(2).unwrap();
    let _putter = ByHand::waiting(queue.put(3));
    assert!(format!("{queue:?}").contains("putters: 1"));
    let empty = LifoQueue::<u32>::new(0);
    let _getter = ByHand::waiting(empty.get());
    assert!(format!("{empty:?}").starts_with("LifoQueue { len: 0, maxsize: 0, getters: 1"));
}

/// The cases that CPython has for one kind, and runs here for all.
macro_rules! kinds {
    ($($module:ident: $Queue:ident;)*) => {$(
        mod $module {
            use super::*;

            #[test]
            fn test_empty() {
                let queue = $Queue::new(0);
                assert!(queue.is_empty());
                queue.try_put(1).unwrap();
                assert!(!queue.is_empty());
                assert_eq!(queue.try_get(), Ok(1));
                assert!(queue.is_empty());
            }

            #[test]
            fn test_full() {
                let queue = $Queue::new(0);
                assert!(!queue.is_full());
                let queue_of_one = $Queue::new(1);
                queue.try_put(1).unwrap();
                queue_of_one.try_put(1).unwrap();
                assert!(!queue.is_full() && queue_of_one.is_full());
            }

            #[test]
            fn test_maxsize() {
                run(async {
                    let queue = Rc::new($Queue::new(2));
                    assert_eq!(queue.maxsize(), 2);
                    let have_been_put = Rc::new(RefCell::new(Vec::new()));
                    let (putting, put) = (Rc::clone(&queue), Rc::clone(&have_been_put));
                    let putter = spawn(async move {
                        for n in 0..3 {
                            putting.put(n).await.unwrap();
                            put.borrow_mut().push(n);
                        }
                    });
                    iterations(2).await;
                    assert_eq!(*have_been_put.borrow(), [0, 1]);
                    assert_eq!(queue.len(), 2);
                    queue.get().await.unwrap();
                    iterations(2).await;
                    assert_eq!(*have_been_put.borrow(), [0, 1, 2]);
                    queue.get().await.unwrap();
                    queue.get().await.unwrap();
                    putter.await.unwrap();
                });
            }

            #[test]
            fn test_blocking_get() {
                let queue = $Queue::new(0);
                queue.try_put(1).unwrap();
                assert_eq!(ByHand::new(queue.get()).poll(), Some(Ok(1)));
            }

            #[test]
            fn test_get_with_putters() {
                let queue = $Queue::new(1);
                queue.try_put(1).unwrap();
                let mut waiter = ByHand::waiting(queue.put(2));
                assert_eq!(ByHand::new(queue.get()).poll(), Some(Ok(1)));
                assert!(waiter.is_woken());
                assert_eq!(waiter.poll(), Some(Ok(())));
                assert_eq!(queue.try_get(), Ok(2));
            }

            #[test]
            fn test_blocking_get_wait() {
                run(async {
                    let queue = $Queue::new(0);
                    let started = Cell::new(false);
                    let getter = async {
                        started.set(true);
                        queue.get().await
                    };
                    let putter = async {
                        yield_now().await;
                        assert!(started.get());
                        queue.try_put(1).unwrap();
                    };
                    assert_eq!(gather!(getter, putter).await.0, Ok(1));
                });
            }

            #[test]
            fn test_nonblocking_get() {
                let queue = $Queue::new(0);
                queue.try_put(1).unwrap();
                assert_eq!(queue.try_get(), Ok(1));
            }

            #[test]
            fn test_nonblocking_get_exception() {
                let queue = $Queue::<u32>::new(0);
                assert_eq!(queue.try_get(), Err(TryGetError::Empty));
            }

            #[test]
            fn test_get_cancelled() {
                let queue = $Queue::new(0);
                drop(ByHand::waiting(queue.get()));
                queue.try_put(1).unwrap();
                assert_eq!(queue.try_get(), Ok(1));
            }

            #[test]
            fn test_get_cancelled_race() {
                let queue = $Queue::new(0);
                let first = ByHand::waiting(queue.get());
                let mut second = ByHand::waiting(queue.get());
                drop(first);
                queue.try_put("a").unwrap();
                assert_eq!(second.poll(), Some(Ok("a")));
            }

            #[test]
            fn a_getter_that_is_woken_and_dropped_wakes_the_next() {
                let queue = $Queue::new(0);
                let first = ByHand::waiting(queue.get());
                let mut second = ByHand::waiting(queue.get());
                queue.try_put("a").unwrap();
                assert!(first.is_woken() && !second.is_woken());
                drop(first);
                assert!(second.is_woken());
                assert_eq!(second.poll(), Some(Ok("a")));
            }

            #[test]
            fn test_get_with_waiting_putters() {
                run(async {
                    let queue = Rc::new($Queue::new(1));
                    for item in [1, 2] {
                        let queue = Rc::clone(&queue);
                        drop(spawn(async move { queue.put(item).await.unwrap() }));
                    }
                    yield_now().await;
                    assert_eq!(queue.get().await, Ok(1));
                    assert_eq!(queue.get().await, Ok(2));
                });
            }

            #[test]
            fn test_why_are_getters_waiting() {
                run(async {
                    let queue = Rc::new($Queue::new(2));
                    let (consuming, producing) = (Rc::clone(&queue), Rc::clone(&queue));
                    let consumer = spawn(async move {
                        let mut sum = 0;
                        for _ in 0..5 {
                            sum += consuming.get().await.unwrap();
                        }
                        sum
                    });
                    let producer = spawn(async move {
                        for n in 0..5 {
                            producing.put(n).await.unwrap();
                        }
                    });
                    producer.await.unwrap();
                    assert_eq!(consumer.await.unwrap(), 10);
                });
            }

            #[test]
            fn test_why_are_putters_waiting() {
                run(async {
                    let queue = $Queue::new(2);
                    let got = RefCell::new(Vec::new());
                    let put = |n| {
                        let queue = &queue;
                        async move { queue.put(n).await.unwrap() }
                    };
                    let get = async {
                        yield_now().await;
                        for _ in 0..4 {
                            let item = queue.get().await.unwrap();
                            got.borrow_mut().push(item);
                        }
                    };
                    gather!(put(1), put(2), put(3), put(4), get).await;
                    let mut got = got.take();
                    got.sort_unstable();
                    assert_eq!(got, [1, 2, 3, 4]);
                });
            }

            #[test]
            fn test_cancelled_getters_not_being_held_in_self_getters() {
                let queue = $Queue::<u32>::new(0);
                drop(ByHand::waiting(queue.get()));
                assert!(format!("{queue:?}").contains("getters: 0"));
            }

            #[test]
            fn test_blocking_put() {
                let queue = $Queue::new(0);
                assert_eq!(ByHand::new(queue.put(1)).poll(), Some(Ok(())));
                assert_eq!(queue.try_get(), Ok(1));
            }

            #[test]
            fn test_blocking_put_wait() {
                run(async {
                    let queue = $Queue::new(1);
                    let started = Cell::new(false);
                    let putter = async {
                        queue.put(1).await.unwrap();
                        started.set(true);
                        queue.put(2).await.unwrap();
                    };
                    let getter = async {
                        yield_now().await;
                        assert!(started.get());
                        queue.get().await.unwrap()
                    };
                    assert_eq!(gather!(putter, getter).await.1, 1);
                    assert_eq!(queue.try_get(), Ok(2));
                });
            }

            #[test]
            fn test_nonblocking_put() {
                let queue = $Queue::new(0);
                queue.try_put(1).unwrap();
                assert_eq!(queue.try_get(), Ok(1));
            }

            #[test]
            fn test_nonblocking_put_exception() {
                let queue = $Queue::new(1);
                queue.try_put(1).unwrap();
                let refused = queue.try_put(2).unwrap_err();
                assert!(refused.is_full());
                assert_eq!(refused.to_string(), "the queue is full");
                assert_eq!(refused.into_inner(), 2);
            }

            #[test]
            fn test_get_cancel_drop_one_pending_reader() {
                run(async {
                    let queue = Rc::new($Queue::new(0));
                    let reading = Rc::clone(&queue);
                    let reader = spawn(async move { reading.get().await });
                    yield_now().await;
                    queue.try_put(1).unwrap();
                    queue.try_put(2).unwrap();
                    reader.cancel();
                    // Due in the same iteration, the reader is dropped instead of polled.
                    assert!(reader.await.unwrap_err().is_cancelled());
                    let mut left = vec![queue.get().await.unwrap(), queue.get().await.unwrap()];
                    left.sort_unstable();
                    assert_eq!(left, [1, 2]);
                });
            }

            #[test]
            fn test_get_cancel_drop_many_pending_readers() {
                let queue = $Queue::new(0);
                let mut readers: Vec<_> = (0..3).map(|_| ByHand::waiting(queue.get())).collect();
                queue.try_put(1).unwrap();
                queue.try_put(2).unwrap();
                drop(readers.remove(1));
                let got: Vec<_> = readers.iter_mut().filter_map(ByHand::poll).collect();
                assert_eq!(got.len(), 2);
            }

            #[test]
            fn test_put_cancel_drop() {
                let queue = $Queue::new(1);
                queue.try_put(1).unwrap();
                drop(ByHand::waiting(queue.put(2)));
                assert_eq!(queue.len(), 1);
                assert_eq!(queue.try_get(), Ok(1));
                assert_eq!(queue.try_get(), Err(TryGetError::Empty));
            }

            #[test]
            fn test_put_cancelled() {
                run(async {
                    let queue = Rc::new($Queue::new(0));
                    let puts = Rc::clone(&queue);
                    let task = spawn(async move { puts.put(1).await.is_ok() });
                    assert_eq!(queue.get().await, Ok(1));
                    assert!(task.is_finished());
                    assert!(task.await.unwrap());
                });
            }

            #[test]
            fn test_put_with_waiting_getters() {
                run(async {
                    let queue = Rc::new($Queue::new(0));
                    let gets = Rc::clone(&queue);
                    let task = spawn(async move { gets.get().await });
                    yield_now().await;
                    queue.put("a").await.unwrap();
                    assert_eq!(task.await.unwrap(), Ok("a"));
                });
            }

            #[test]
            fn test_put_cancelled_race() {
                let queue = $Queue::new(1);
                queue.try_put("a").unwrap();
                let second = ByHand::waiting(queue.put("b"));
                let mut third = ByHand::waiting(queue.put("X"));
                assert_eq!(queue.try_get(), Ok("a"));
                assert!(second.is_woken() && !third.is_woken());
                drop(second);
                assert!(third.is_woken());
                assert_eq!(third.poll(), Some(Ok(())));
                assert_eq!(queue.try_get(), Ok("X"));
            }

            #[test]
            fn test_cancelled_puts_not_being_held_in_self_putters() {
                let queue = $Queue::new(1);
                queue.try_put(1).unwrap();
                drop(ByHand::waiting(queue.put(2)));
                assert!(format!("{queue:?}").contains("putters: 0"));
            }

            #[test]
            fn test_cancelled_put_silence_value_error_exception() {
                // A putter that is dropped takes its item along.
                let trace = Trace::new();
                let queue = super::Queue::new(1);
                queue.try_put(trace.on_drop("first")).unwrap();
                drop(ByHand::waiting(queue.put(trace.on_drop("second"))));
                assert_eq!(trace.take(), "second");
            }

            #[test]
            #[should_panic(expected = "`task_done` was called too many times")]
            fn test_task_done_underflow() {
                $Queue::<u32>::new(0).task_done();
            }

            #[test]
            fn test_task_done() {
                run(async {
                    let queue = Rc::new($Queue::new(0));
                    for n in 0..100 {
                        queue.try_put(n).unwrap();
                    }
                    let accumulated = Rc::new(Cell::new(0));
                    let workers: Vec<_> = (0..2)
                        .map(|_| {
                            let (queue, sum) = (Rc::clone(&queue), Rc::clone(&accumulated));
                            spawn(async move {
                                while let Ok(item) = queue.get().await {
                                    sum.set(sum.get() + item);
                                    yield_now().await;
                                    queue.task_done();
                                }
                            })
                        })
                        .collect();
                    queue.join().await;
                    assert_eq!(accumulated.get(), (0..100).sum::<u32>());
                    queue.shutdown(false);
                    for worker in workers {
                        worker.await.unwrap();
                    }
                });
            }

            #[test]
            fn test_join_empty_queue() {
                let queue = $Queue::<u32>::new(0);
                assert_eq!(ByHand::new(queue.join()).poll(), Some(()));
                assert_eq!(ByHand::new(queue.join()).poll(), Some(()));
            }

            #[test]
            fn join_ends_once_all_was_done_though_something_is_put_before_its_turn() {
                let queue = $Queue::new(0);
                queue.try_put(1).unwrap();
                let mut join = ByHand::waiting(queue.join());
                queue.try_get().unwrap();
                queue.task_done();
                assert!(join.is_woken());
                queue.try_put(2).unwrap();
                assert_eq!(join.poll(), Some(()));
            }

            #[test]
            fn test_shutdown_empty() {
                run(async {
                    let queue = $Queue::new(0);
                    queue.shutdown(false);
                    assert_eq!(queue.put("data").await.unwrap_err().into_inner(), "data");
                    assert_eq!(queue.get().await, Err(QueueShutDown));
                    assert_eq!(queue.try_get(), Err(TryGetError::ShutDown));
                    let refused = queue.try_put("data").unwrap_err();
                    assert!(matches!(refused, TryPutError::ShutDown("data")));
                    queue.join().await;
                });
            }

            #[test]
            fn test_shutdown_nonempty() {
                run(async {
                    let queue = $Queue::new(1);
                    queue.put("data").await.unwrap();
                    let mut putter = ByHand::waiting(queue.put("data2"));
                    queue.shutdown(false);
                    assert!(matches!(putter.poll(), Some(Err(PutError("data2")))));
                    assert_eq!(queue.get().await, Ok("data"));
                    assert_eq!(queue.get().await, Err(QueueShutDown));
                    let mut join = ByHand::waiting(queue.join());
                    queue.task_done();
                    assert_eq!(join.poll(), Some(()));
                });
            }

            #[test]
            fn test_shutdown_immediate() {
                run(async {
                    let queue = $Queue::new(0);
                    queue.put("data").await.unwrap();
                    let mut join = ByHand::waiting(queue.join());
                    queue.shutdown(true);
                    assert_eq!(queue.len(), 0);
                    assert_eq!(join.poll(), Some(()));
                    assert_eq!(queue.get().await, Err(QueueShutDown));
                });
            }

            #[test]
            #[should_panic(expected = "`task_done` was called too many times")]
            fn after_an_immediate_shutdown_nothing_is_to_be_done() {
                let queue = $Queue::new(0);
                queue.try_put("data").unwrap();
                queue.shutdown(true);
                queue.task_done();
            }

            #[test]
            fn test_shutdown_immediate_with_unfinished() {
                run(async {
                    let queue = $Queue::new(0);
                    queue.try_put("data").unwrap();
                    queue.try_put("data").unwrap();
                    assert_eq!(queue.get().await, Ok("data"));
                    let mut join = ByHand::waiting(queue.join());
                    queue.shutdown(true);
                    assert_eq!(join.poll(), None);
                    queue.task_done();
                    assert_eq!(join.poll(), Some(()));
                });
            }

            #[test]
            fn test_shutdown_all_methods_in_many_threads() {
                // All who wait learn of it.
                let queue = $Queue::new(1);
                let mut getters: Vec<_> = (0..3).map(|_| ByHand::waiting(queue.get())).collect();
                queue.shutdown(false);
                for getter in &mut getters {
                    assert!(getter.is_woken());
                    assert_eq!(getter.poll(), Some(Err::<u32, _>(QueueShutDown)));
                }
            }

            #[test]
            fn test_shutdown_after_join() {
                run(async {
                    let queue = $Queue::new(0);
                    queue.try_put(1).unwrap();
                    queue.get().await.unwrap();
                    queue.task_done();
                    queue.join().await;
                    queue.shutdown(false);
                    assert_eq!(queue.get().await, Err(QueueShutDown));
                });
            }
        }
    )*};
}

kinds! {
    fifo: Queue;
    lifo: LifoQueue;
    priority: PriorityQueue;
}

#[test]
fn a_producer_and_a_consumer_of_a_million_items() {
    run(async {
        let queue = Queue::new(64);
        let produce = async {
            for n in 0..1_000_000_u64 {
                queue.put(n).await.unwrap();
            }
            queue.shutdown(false);
        };
        let consume = async {
            let mut sum = 0;
            while let Ok(n) = queue.get().await {
                sum += n;
            }
            sum
        };
        let ((), sum) = gather!(produce, consume).await;
        assert_eq!(sum, 499_999_500_000);
    });
}

#[test]
fn items_are_dropped_with_the_queue() {
    let trace = Trace::new();
    let queue = Queue::new(0);
    queue.try_put(trace.on_drop("a")).unwrap();
    queue.try_put(trace.on_drop("b")).unwrap();
    drop(queue);
    assert_eq!(trace.take(), "a, b");
}

#[test]
fn an_item_whose_drop_uses_the_queue() {
    struct Again(Rc<Queue<Option<Again>>>);
    impl Drop for Again {
        fn drop(&mut self) {
            assert!(self.0.try_put(None).is_err());
        }
    }
    let queue = Rc::new(Queue::new(0));
    queue.try_put(Some(Again(Rc::clone(&queue)))).unwrap();
    queue.shutdown(true);
    assert!(queue.is_empty());
}

#[test]
fn under_time() {
    run(async {
        let queue = Queue::new(0);
        let late = async {
            sleep(std::time::Duration::from_millis(1)).await;
            queue.put(1).await.unwrap();
        };
        assert_eq!(gather!(queue.get(), late).await.0, Ok(1));
    });
}
