//! `gather!` and `gather`.

mod common;

use std::cell::Cell;
use std::future::{pending, poll_fn, ready, Future as _, IntoFuture, Ready};
use std::task::{Poll, Waker};
use std::time::Duration;

use coloop::{gather, run, sleep, spawn, yield_now, Event};
use common::{iterations, ByHand, Trace};

const MS: Duration = Duration::from_millis(1);

#[test]
fn the_macro_starts_in_order_and_gives_results_in_order() {
    let trace = Trace::new();
    let outputs = run(async {
        gather!(
            trace.traced("a", async {
                iterations(2).await;
                1
            }),
            trace.traced("b", async { "two" }),
            trace.traced("c", async {
                yield_now().await;
                3.0
            }),
        )
        .await
    });
    assert_eq!(outputs, (1, "two", 3.0));
    assert_eq!(
        trace.take(),
        "a pending, b ready, b dropped, c pending, a pending, c ready, c dropped, a ready, a dropped"
    );
}

#[test]
fn the_macro_takes_none_one_and_sixteen() {
    run(async {
        let () = gather!().await;
        assert_eq!(gather!(ready(1)).await, (1,));
        let n = |n: u8| async move { n };
        let sixteen = gather!(
            n(0),
            n(1),
            n(2),
            n(3),
            n(4),
            n(5),
            n(6),
            n(7),
            n(8),
            n(9),
            n(10),
            n(11),
            n(12),
            n(13),
            n(14),
            n(15),
        );
        let outputs = sixteen.await;
        assert_eq!((outputs.0, outputs.7, outputs.15), (0, 7, 15));
    });
}

#[test]
fn both_take_what_turns_into_a_future() {
    struct Later(u8);
    impl IntoFuture for Later {
        type Output = u8;
        type IntoFuture = Ready<u8>;
        fn into_future(self) -> Ready<u8> {
            ready(self.0)
        }
    }
    run(async {
        assert_eq!(gather!(Later(1), Later(2)).await, (1, 2));
        assert_eq!(gather([Later(1), Later(2)]).await, [1, 2]);
    });
}

#[test]
fn the_macro_drops_children_and_outputs_with_it() {
    let trace = Trace::new();
    let output = trace.on_drop("output dropped");
    let mut both = ByHand::new(gather!(
        trace.traced("a", async { output }),
        trace.traced("b", pending::<()>()),
    ));
    assert!(both.poll().is_none());
    trace.add("dropping");
    drop(both);
    assert_eq!(
        trace.take(),
        "a ready, a dropped, b pending, dropping, output dropped, b dropped"
    );
}

#[test]
fn the_function_starts_in_order_and_gives_results_in_order() {
    let trace = Trace::new();
    let outputs = run(gather((0..3).map(|n| {
        let future = async move {
            iterations(2 - n).await;
            n
        };
        trace.traced(&n.to_string(), future)
    })));
    assert_eq!(outputs, [0, 1, 2]);
    assert_eq!(
        trace.take(),
        "0 pending, 1 pending, 2 ready, 2 dropped, \
         0 pending, 1 ready, 1 dropped, 0 ready, 0 dropped"
    );
}

#[test]
fn the_function_without_children_is_ready_at_once() {
    let mut none = ByHand::new(gather(Vec::<Ready<u8>>::new()));
    assert_eq!(none.poll(), Some(vec![]));
}

#[test]
fn the_function_polls_only_the_children_that_were_woken() {
    const CHILDREN: usize = 1000;
    let polls = Cell::new(0);
    run(async {
        let events: Vec<_> = (0..CHILDREN).map(|_| Event::new()).collect();
        let children = events.iter().map(|event| async {
            let mut wait = Box::pin(event.wait());
            poll_fn(|cx| {
                polls.set(polls.get() + 1);
                wait.as_mut().poll(cx)
            })
            .await;
        });
        let setter = async {
            for event in &events {
                event.set();
                yield_now().await;
            }
        };
        gather!(gather(children), setter).await;
    });
    assert_eq!(polls.get(), 2 * CHILDREN);
}

#[test]
fn the_function_polls_in_the_order_of_the_wakes() {
    let trace = Trace::new();
    let wakers: Cell<Vec<Waker>> = Cell::default();
    let mut all = ByHand::new(gather((0..3).map(|n| {
        let mut polled = false;
        let (wakers, trace) = (&wakers, &trace);
        poll_fn(move |cx| {
            trace.add(format!("{n}"));
            if polled {
                return Poll::Ready(());
            }
            polled = true;
            let mut all = wakers.take();
            all.push(cx.waker().clone());
            wakers.set(all);
            Poll::Pending
        })
    })));
    assert!(all.poll().is_none());
    trace.add("waking");
    let wakers = wakers.take();
    for n in [2, 0, 2, 1, 0] {
        wakers[n].wake_by_ref();
    }
    assert!(all.is_woken());
    assert!(all.poll().is_some());
    drop(all);
    wakers.into_iter().for_each(Waker::wake);
    assert_eq!(trace.take(), "0, 1, 2, waking, 2, 0, 1");
}

#[test]
fn the_function_drops_children_and_outputs_with_it() {
    let trace = Trace::new();
    let mut all = ByHand::new(gather((0..3).map(|n| {
        let output = trace.on_drop(format!("output {n}"));
        trace.traced(&n.to_string(), async move {
            if n == 1 {
                pending::<()>().await;
            }
            output
        })
    })));
    assert!(all.poll().is_none());
    trace.take();
    drop(all);
    assert_eq!(trace.take(), "output 0, output 1, 1 dropped, output 2");
}

#[test]
fn children_are_woken_from_other_threads() {
    let outputs = run(gather((0..4).map(|n| async move {
        let (sender, receiver) = std::sync::mpsc::channel::<Waker>();
        let waking = std::thread::spawn(move || {
            let waker = receiver.recv().unwrap();
            std::thread::sleep(MS);
            waker.wake();
        });
        let mut sender = Some(sender);
        poll_fn(|cx| match sender.take() {
            Some(sender) => {
                sender.send(cx.waker().clone()).unwrap();
                Poll::Pending
            }
            None => Poll::Ready(()),
        })
        .await;
        waking.join().unwrap();
        n
    })));
    assert_eq!(outputs, [0, 1, 2, 3]);
}

#[test]
fn tasks_can_be_gathered() {
    run(async {
        let (a, b) = gather!(spawn(async { 1 }), spawn(async { panic!("b") })).await;
        assert_eq!(a.unwrap(), 1);
        assert!(b.unwrap_err().is_panic());
        let tasks = (0..3).map(|n| {
            spawn(async move {
                sleep(n * MS).await;
                n
            })
        });
        let outputs = gather(tasks).await.into_iter().map(Result::unwrap);
        assert_eq!(outputs.collect::<Vec<_>>(), [0, 1, 2]);
    });
}
