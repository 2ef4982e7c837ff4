//! The pool: each job is run once, and nobody is left over.

use crate::model::{check, check_within, Drops};
use crate::threads::pool::Pool;
use crate::threads::slot::slot;
use crate::threads::to_thread;
use crate::{yield_now, Runner};

#[test]
fn each_job_is_run_once_before_the_pool_is_joined() {
    check(|| {
        let pool = Pool::default();
        let drops = [Drops::default(), Drops::default()];
        for drops in &drops {
            let guard = drops.guard();
            pool.submit(Box::new(move || drop(guard))).unwrap();
        }
        pool.join();
        drops.iter().for_each(Drops::assert_once);
        assert!(pool.is_idle());
    });
}

#[test]
fn a_thread_that_is_idle_takes_the_next_job() {
    check(|| {
        Runner::new().run(async {
            assert_eq!(to_thread(|| 1).await, 1);
            assert_eq!(to_thread(|| 2).await, 2);
        });
    });
}

#[test]
fn a_job_that_waits_for_the_next_one_does_not_keep_it_from_a_thread() {
    // Four threads: two such switches are as many runs as three are elsewhere.
    check_within(2, || {
        let pool = Pool::default();
        let (sender, receiver) = slot();
        pool.submit(Box::new(|| {})).unwrap();
        pool.submit(Box::new(move || assert!(receiver.wait(None).is_some())))
            .unwrap();
        pool.submit(Box::new(move || sender.put(()))).unwrap();
        pool.join();
    });
}

#[test]
fn what_nobody_waits_for_is_dropped_once() {
    check(|| {
        let drops = Drops::default();
        let guard = drops.guard();
        Runner::new().run(async {
            drop(to_thread(move || guard));
            yield_now().await;
        });
        drops.assert_once();
    });
}
