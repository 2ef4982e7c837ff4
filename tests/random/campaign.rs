//! Many bodies, in batches, on several threads.
//!
//! *Input*: [`Options`]. *Output*: progress and failures on standard output. *Invariant*: a body depends on the seed, its
//! number and the features only, not on the batch that it is in.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use crate::generate::{function, Function};
use crate::judge::{Judge, Verdict};
use crate::options::Options;
use crate::shrink::shrink;
use coloop_tests::toolchain::Toolchain;

/// The body of a number.
pub fn body(options: &Options, number: u64) -> Function {
    let mut seed = fastrand::Rng::with_seed(options.seed);
    let seed = seed.u64(..).wrapping_add(number);
    function(
        format!("random_{number}"),
        options.of,
        seed,
        &options.without,
    )
}

/// Judges all bodies; gives the number of failures.
pub fn run(options: &Options) -> io::Result<u64> {
    println!(
        "seed {}, {} bodies from {}",
        options.seed, options.bodies, options.from
    );
    let toolchain = Toolchain::new(options.asan)?;
    let work = Work {
        options,
        toolchain: &toolchain,
        next: AtomicU64::new(0),
        progress: Mutex::new(Progress::default()),
        started: Instant::now(),
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..options.jobs)
            .map(|number| {
                scope.spawn({
                    let work = &work;
                    move || work.worker(number)
                })
            })
            .collect();
        let ends = workers
            .into_iter()
            .map(|worker| worker.join().expect("workers do not panic"));
        ends.collect::<io::Result<Vec<()>>>()
    })?;
    let progress = work.progress();
    println!("{progress}, {} s", work.started.elapsed().as_secs());
    Ok(progress.failures())
}

/// What is counted.
#[derive(Debug, Default)]
struct Progress {
    bodies: u64,
    skipped: u64,
    rejected: u64,
    limited: u64,
    differ: u64,
    crash: u64,
    /// The kinds of failures that were shrunk.
    kinds: BTreeSet<(&'static str, String)>,
}

impl Progress {
    fn failures(&self) -> u64 {
        self.rejected + self.differ + self.crash
    }

    /// Counts a verdict; true if it is the first of its kind and not too many were.
    fn count(&mut self, verdict: &Verdict, shrink: usize) -> bool {
        self.bodies += 1;
        *match verdict {
            Verdict::Same => return false,
            Verdict::Skipped(_) => &mut self.skipped,
            Verdict::Rejected(_) => &mut self.rejected,
            Verdict::Limited(_) => &mut self.limited,
            Verdict::Differs(_) => &mut self.differ,
            Verdict::Crashes(_) => &mut self.crash,
        } += 1;
        let kind = verdict.signature();
        let few = self.kinds.len() < shrink;
        kind.is_some_and(|kind| few && self.kinds.insert(kind))
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Progress {
            bodies,
            skipped,
            rejected,
            limited,
            differ,
            crash,
            ..
        } = self;
        write!(f, "{bodies} bodies, {skipped} skipped, {rejected} rejected, {limited} by a listed limit, {differ} differ, {crash} crash")
    }
}

/// What the threads share.
struct Work<'o> {
    options: &'o Options,
    toolchain: &'o Toolchain,
    /// The next batch.
    next: AtomicU64,
    progress: Mutex<Progress>,
    started: Instant,
}

impl Work<'_> {
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn worker(&self, number: usize) -> io::Result<()> {
        let judge = Judge {
            toolchain: self.toolchain,
            name: format!("bodies_{number}"),
        };
        loop {
            let first = self.next.fetch_add(1, Ordering::Relaxed) * self.options.batch;
            let end = self.options.bodies.min(first + self.options.batch);
            if first >= end {
                return Ok(());
            }
            let numbers = self.options.from + first..self.options.from + end;
            let bodies: Vec<Function> = numbers.map(|number| body(self.options, number)).collect();
            for (body, verdict) in bodies.iter().zip(judge.judge(&bodies)?) {
                self.tell(&judge, body, &verdict)?;
            }
            let seconds = self.started.elapsed().as_secs();
            println!("{}, {seconds} s", self.progress());
        }
    }

    /// Counts a verdict and reports a failure.
    fn tell(&self, judge: &Judge<'_>, body: &Function, verdict: &Verdict) -> io::Result<()> {
        if let (Verdict::Skipped(text), true) = (verdict, self.options.explain) {
            println!("skipped: {}\n{text}", body.name);
        }
        let is_new = self.progress().count(verdict, self.options.shrink);
        let Some((class, kind)) = verdict.signature() else {
            return Ok(());
        };
        println!("{class}: {} {kind}", body.name);
        if is_new {
            let (small, verdict) = shrink(judge, body, verdict)?;
            println!(
                "--- {class}, from {}\n{}\n{}\n---",
                body.name,
                small.source(),
                verdict.text()
            );
        }
        Ok(())
    }
}
