//! What is in a directory.
//!
//! *Input*: a path. *Output*: entries, one after the other. *Invariant*: a thread fetches several at a time; those that have been
//! fetched are given out in the order of the OS.

use std::collections::VecDeque;
use std::fmt;
use std::fs::{self, DirEntry};
use std::future::{poll_fn, Future};
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{ready, Context, Poll};

use futures_core::Stream;

use crate::threads::{to_thread, ToThread};

/// Fetched at a time.
const ENTRIES: usize = 64;

/// The entries of a directory, from [`read_dir`]: a stream of `io::Result<DirEntry>`.
pub struct ReadDir {
    stage: Stage,
    fetched: Entries,
}

type Entries = VecDeque<io::Result<DirEntry>>;

/// What a thread has fetched, and the rest if there may be one.
struct Fetched {
    entries: Entries,
    left: Option<Box<fs::ReadDir>>,
}

enum Stage {
    More(Box<fs::ReadDir>),
    Fetching(ToThread<Fetched>),
    Over,
}

/// The entries of a directory, in no order.
///
/// # Errors
///
/// Of the OS, for instance `NotFound`.
///
/// # Panics
///
/// Outside of a loop.
///
/// # Examples
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// coloop::run(async {
///     let mut entries = coloop::fs::read_dir("src").await?;
///     let mut names = Vec::new();
///     while let Some(entry) = entries.next_entry().await? {
///         names.push(entry.file_name());
///     }
///     assert!(names.iter().any(|name| name == "lib.rs"));
///     Ok(())
/// })
/// # }
/// ```
pub async fn read_dir(path: impl AsRef<Path>) -> io::Result<ReadDir> {
    let path = path.as_ref().to_owned();
    let directory = to_thread(|| fs::read_dir(path)).await?;
    Ok(ReadDir {
        stage: Stage::More(Box::new(directory)),
        fetched: VecDeque::new(),
    })
}

impl ReadDir {
    /// The next entry; `None` at the end.
    ///
    /// # Errors
    ///
    /// Of the OS; the next call goes on.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses no entry.
    ///
    /// # Examples
    ///
    /// See [`read_dir`].
    pub async fn next_entry(&mut self) -> io::Result<Option<DirEntry>> {
        let next = poll_fn(|cx| Pin::new(&mut *self).poll_next(cx));
        next.await.transpose()
    }
}

impl Stream for ReadDir {
    type Item = io::Result<DirEntry>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(entry) = self.fetched.pop_front() {
                return Poll::Ready(Some(entry));
            }
            let fetched = match std::mem::replace(&mut self.stage, Stage::Over) {
                Stage::Over => return Poll::Ready(None),
                Stage::More(directory) => {
                    self.stage = Stage::Fetching(to_thread(|| fetch(directory)));
                    continue;
                }
                Stage::Fetching(mut fetching) => {
                    let polled = Pin::new(&mut fetching).poll(cx);
                    if polled.is_pending() {
                        self.stage = Stage::Fetching(fetching);
                    }
                    ready!(polled)
                }
            };
            self.fetched = fetched.entries;
            self.stage = fetched.left.map_or(Stage::Over, Stage::More);
        }
    }
}

fn fetch(mut directory: Box<fs::ReadDir>) -> Fetched {
    let entries: Entries = directory.by_ref().take(ENTRIES).collect();
    let may_go_on = entries.len() == ENTRIES;
    let left = may_go_on.then_some(directory);
    Fetched { entries, left }
}

impl fmt::Debug for ReadDir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadDir")
    }
}
