//! Threads that take jobs.
//!
//! *Input*: jobs. *Output*: their calls, in the order in which they came, as many at a time as there are threads. *Invariant*: a
//! thread is started only for a job that finds none idle, up to the limit, if there is one; all have ended when `join` returns.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::PoisonError;
use std::thread::available_parallelism;

use crate::shared::thread::{Builder, JoinHandle};
use crate::shared::{Arc, Condvar, Mutex, MutexGuard};

type Job = Box<dyn FnOnce() + Send>;

/// asyncio's limit is this, and four more than there are processors.
const MOST: usize = 32;

#[derive(Default)]
pub(crate) struct Pool {
    work: Arc<Work>,
    threads: RefCell<Vec<JoinHandle<()>>>,
    is_unlimited: bool,
}

#[derive(Default)]
struct Work {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    idle: usize,
    busy: usize,
    is_closed: bool,
}

impl Pool {
    /// Threads of which there is one for every job, so that no job waits for another.
    #[cfg(any(windows, coloop_threaded))]
    pub(super) fn unlimited() -> Self {
        Pool {
            is_unlimited: true,
            ..Pool::default()
        }
    }

    /// Leaves a job for a thread.
    ///
    /// # Errors
    ///
    /// Of the OS, if there is no thread and none can be started; without a limit, also if the job had to wait for another.
    pub(crate) fn submit(&self, job: Job) -> io::Result<()> {
        let mut queue = self.work.lock();
        let needs_thread = queue.idle <= queue.jobs.len();
        queue.jobs.push_back(job);
        drop(queue);
        if needs_thread {
            self.start()?;
        }
        self.work.changed.notify_one();
        Ok(())
    }

    /// Whether no thread does anything, and there is nothing to do.
    pub(crate) fn is_idle(&self) -> bool {
        let queue = self.work.lock();
        queue.jobs.is_empty() && queue.busy == 0
    }

    fn start(&self) -> io::Result<()> {
        let mut threads = self.threads.borrow_mut();
        if !self.is_unlimited && threads.len() >= most() {
            return Ok(());
        }
        let work = Arc::clone(&self.work);
        let name = format!("coloop-{}", threads.len());
        let started = Builder::new().name(name).spawn(move || work.run());
        match started {
            Ok(thread) => threads.push(thread),
            // The job waits for one of those that there are.
            Err(_) if !threads.is_empty() && !self.is_unlimited => {}
            Err(error) => {
                drop(threads);
                let job = self.work.lock().jobs.pop_back();
                // Else a thread has become idle and taken it.
                if job.is_some() {
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Waits until all jobs are done and all threads have ended.
    pub(crate) fn join(&self) {
        for thread in self.close() {
            // A thread never panics: jobs are caught.
            let _ = thread.join();
        }
    }

    /// Lets each thread end when it has done what it does, and waits for none.
    #[cfg(any(windows, coloop_threaded))]
    pub(super) fn leave(&self) {
        drop(self.close());
    }

    fn close(&self) -> Vec<JoinHandle<()>> {
        self.work.lock().is_closed = true;
        self.work.changed.notify_all();
        self.threads.take()
    }
}

/// The limit.
fn most() -> usize {
    let processors = available_parallelism().map_or(1, usize::from);
    MOST.min(processors + 4)
}

impl Work {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        while let Some(job) = self.next() {
            // What the job has to say about a panic, it says itself.
            let _ = catch_unwind(AssertUnwindSafe(job));
            self.lock().busy -= 1;
        }
    }

    fn next(&self) -> Option<Job> {
        let mut queue = self.lock();
        loop {
            if let Some(job) = queue.jobs.pop_front() {
                queue.busy += 1;
                return Some(job);
            }
            if queue.is_closed {
                return None;
            }
            queue.idle += 1;
            let waited = self.changed.wait(queue);
            queue = waited.unwrap_or_else(PoisonError::into_inner);
            queue.idle -= 1;
        }
    }
}
