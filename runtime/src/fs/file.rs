//! A file that is read and written by threads.
//!
//! *Input* and *output*: bytes at a position, which the OS keeps. *Invariant*: one thread works for a file at a time, and the next
//! operation waits for it: what a dropped future has left behind is finished, and neither lost nor mixed up.
//!
//! ```text
//!           poll_read              poll_write             poll_seek
//!   Reading <-------- Resting ---------------> Writing
//!                        |                                Seeking
//!                        +-------------------------------->
//! ```

use std::fmt;
use std::fs::{self, Metadata, OpenOptions};
use std::future::{poll_fn, Future};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{ready, Context, Poll};

use futures_io::{AsyncRead, AsyncSeek, AsyncWrite};

use crate::threads::{to_thread, Patience, ToThread};

/// The most that is given to a thread at a time.
const MOST: usize = 1024 * 1024;

/// An open file. It implements `AsyncRead`, `AsyncWrite` and `AsyncSeek` of the `futures-io` crate.
///
/// Each operation is one of a thread, so small ones are dear: read with a buffer ([`StreamReader`](crate::io::StreamReader)), or the
/// whole file at once ([`read`](super::read())).
///
/// A write is ready when a thread has been given the bytes; that it has failed, the next operation says. So whoever wants to know
/// calls [`flush`](Self::flush) last. Dropping the file lets the thread finish.
///
/// # Examples
///
/// ```
/// use std::io::SeekFrom;
/// use coloop::fs::{self, File};
///
/// # fn main() -> std::io::Result<()> {
/// coloop::run(async {
///     let path = std::env::temp_dir().join(format!("coloop-doc-file-{}", std::process::id()));
///     let options = std::fs::File::options().read(true).write(true).create_new(true).clone();
///     let mut file = File::open_with(&path, options).await?;
///     file.write_all(b"Hello, World").await?;
///     file.seek(SeekFrom::Start(7)).await?;
///     let mut rest = Vec::new();
///     file.read_to_end(&mut rest).await?;
///     assert_eq!(rest, b"World");
///     fs::remove_file(&path).await
/// })
/// # }
/// ```
pub struct File {
    file: Arc<fs::File>,
    stage: Stage,
    /// Read, and not given out.
    ahead: Ahead,
    /// How long reading and writing may block.
    patience: Patience,
}

#[derive(Default)]
struct Ahead {
    bytes: Vec<u8>,
    given: usize,
}

enum Stage {
    Resting,
    Reading(ToThread<io::Result<Vec<u8>>>),
    Writing(ToThread<io::Result<()>>),
    Seeking(SeekFrom, ToThread<io::Result<u64>>),
}

/// What a thread has come to.
enum Outcome {
    Nothing,
    /// Where it is after it was told to go somewhere.
    Position(SeekFrom, u64),
}

impl File {
    /// Opens a file to read it.
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
    /// # coloop::run(async {
    /// let mut file = coloop::fs::File::open("src/lib.rs").await.unwrap();
    /// let mut buffer = [0; 3];
    /// assert_eq!(file.read(&mut buffer).await.unwrap(), 3);
    /// assert_eq!(&buffer, b"//!");
    /// # });
    /// ```
    pub async fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        File::open_with(path, fs::File::options().read(true).clone()).await
    }

    /// Opens a file to write it; makes it if there is none, empties it if there is one.
    ///
    /// # Errors
    ///
    /// Of the OS.
    ///
    /// # Panics
    ///
    /// Outside of a loop.
    pub async fn create(path: impl AsRef<Path>) -> io::Result<Self> {
        let options = fs::File::options()
            .write(true)
            .create(true)
            .truncate(true)
            .clone();
        File::open_with(path, options).await
    }

    /// Opens a file in any way.
    ///
    /// # Errors
    ///
    /// Of the OS.
    ///
    /// # Panics
    ///
    /// Outside of a loop.
    pub async fn open_with(path: impl AsRef<Path>, options: OpenOptions) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        to_thread(move || options.open(path)).await.map(File::from)
    }

    /// Reads what comes next into `buffer`; gives the number of bytes, 0 at the end of the file or if `buffer` is empty.
    ///
    /// # Errors
    ///
    /// Of the OS, or of the write before.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses no bytes: they are read by the next call.
    pub async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        poll_fn(|cx| Pin::new(&mut *self).poll_read(cx, buffer)).await
    }

    /// Reads the rest of the file, and puts it at the end of `bytes`; gives how many there were.
    ///
    /// # Errors
    ///
    /// Of the OS, or of the write before. What has been read is in `bytes`.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves what has been read in `bytes`; the next call goes on.
    pub async fn read_to_end(&mut self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        let (before, mut chunk) = (bytes.len(), vec![0; 64 * 1024]);
        loop {
            match self.read(&mut chunk).await? {
                0 => return Ok(bytes.len() - before),
                n => bytes.extend_from_slice(&chunk[..n]),
            }
        }
    }

    /// Writes all of `bytes`.
    ///
    /// # Errors
    ///
    /// Of the OS. That the last part could not be written is said by the next operation: see [`flush`](Self::flush).
    ///
    /// # Cancellation
    ///
    /// If the future is dropped before it is ready, any part of `bytes` may have been written.
    pub async fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let n = poll_fn(|cx| Pin::new(&mut *self).poll_write(cx, bytes)).await?;
            bytes = &bytes[n..];
        }
        Ok(())
    }

    /// Waits until the OS has all that was written.
    ///
    /// # Errors
    ///
    /// Of the OS.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses nothing.
    pub async fn flush(&mut self) -> io::Result<()> {
        poll_fn(|cx| Pin::new(&mut *self).poll_flush(cx)).await
    }

    /// Goes to another position; gives it, from the start of the file.
    ///
    /// # Errors
    ///
    /// Of the OS: `InvalidInput` for a position before the start; or of the write before.
    ///
    /// # Cancellation
    ///
    /// If the future is dropped before it is ready, the position may be the old one or the new one.
    pub async fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        poll_fn(|cx| Pin::new(&mut *self).poll_seek(cx, position)).await
    }

    /// Cuts the file off, or extends it by zeros.
    ///
    /// # Errors
    ///
    /// Of the OS, or of the write before.
    pub async fn set_len(&mut self, length: u64) -> io::Result<()> {
        self.on_thread(move |file| file.set_len(length)).await
    }

    /// Waits until what was written is on the disk, with all there is to know about the file.
    ///
    /// # Errors
    ///
    /// Of the OS, or of the write before.
    pub async fn sync_all(&mut self) -> io::Result<()> {
        self.on_thread(fs::File::sync_all).await
    }

    /// Waits until what was written is on the disk.
    ///
    /// # Errors
    ///
    /// Of the OS, or of the write before.
    pub async fn sync_data(&mut self) -> io::Result<()> {
        self.on_thread(fs::File::sync_data).await
    }

    /// What there is to know about the file.
    ///
    /// # Errors
    ///
    /// Of the OS, or of the write before.
    pub async fn metadata(&mut self) -> io::Result<Metadata> {
        self.on_thread(fs::File::metadata).await
    }

    /// What is used like a file, but may block until another program does something.
    #[cfg(any(windows, coloop_threaded))]
    pub(crate) fn of_others(file: Arc<fs::File>) -> Self {
        File {
            file,
            stage: Stage::Resting,
            ahead: Ahead::default(),
            patience: Patience::Long,
        }
    }

    async fn on_thread<R: Send + 'static>(
        &mut self,
        call: impl FnOnce(&fs::File) -> io::Result<R> + Send + 'static,
    ) -> io::Result<R> {
        self.flush().await?;
        let file = Arc::clone(&self.file);
        to_thread(move || call(&file)).await
    }

    /// Waits for the thread that works for the file, if there is one.
    fn poll_rest(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Outcome>> {
        let outcome = match &mut self.stage {
            Stage::Resting => Ok(Outcome::Nothing),
            Stage::Reading(job) => ready!(Pin::new(job).poll(cx)).map(|bytes| {
                self.ahead = Ahead { bytes, given: 0 };
                Outcome::Nothing
            }),
            Stage::Writing(job) => ready!(Pin::new(job).poll(cx)).map(|()| Outcome::Nothing),
            Stage::Seeking(target, job) => {
                let target = *target;
                ready!(Pin::new(job).poll(cx)).map(|position| Outcome::Position(target, position))
            }
        };
        self.stage = Stage::Resting;
        Poll::Ready(outcome)
    }

    /// Lets a thread do something with the file, also when the file is dropped meanwhile. What has been read ahead is given back
    /// first.
    fn start<R: Send + 'static>(
        &mut self,
        call: impl FnOnce(&fs::File) -> io::Result<R> + Send + 'static,
    ) -> io::Result<ToThread<io::Result<R>>> {
        let file = Arc::clone(&self.file);
        let unread = std::mem::take(&mut self.ahead).left().len();
        let job = self.patience.to_thread(move || {
            if unread > 0 {
                (&*file).seek(SeekFrom::Current(-(unread as i64)))?;
            }
            call(&file)
        });
        Ok(job?.even_if_dropped())
    }
}

impl Ahead {
    fn left(&self) -> &[u8] {
        &self.bytes[self.given..]
    }

    fn take(&mut self, buffer: &mut [u8]) -> usize {
        let n = self.left().len().min(buffer.len());
        buffer[..n].copy_from_slice(&self.left()[..n]);
        self.given += n;
        n
    }
}

impl AsyncRead for File {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let was_reading = matches!(self.stage, Stage::Reading(_));
        ready!(self.poll_rest(cx))?;
        if !self.ahead.left().is_empty() || was_reading || buffer.is_empty() {
            return Poll::Ready(Ok(self.ahead.take(buffer)));
        }
        let length = buffer.len().min(MOST);
        let job = self.start(move |mut file| {
            let mut bytes = vec![0; length];
            let n = file.read(&mut bytes)?;
            bytes.truncate(n);
            Ok(bytes)
        })?;
        self.stage = Stage::Reading(job);
        self.poll_read(cx, buffer)
    }
}

impl AsyncWrite for File {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_rest(cx))?;
        let bytes = bytes[..bytes.len().min(MOST)].to_owned();
        let n = bytes.len();
        let job = self.start(move |mut file| file.write_all(&bytes))?;
        self.stage = Stage::Writing(job);
        Poll::Ready(Ok(n))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_rest(cx).map_ok(|_| ())
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(cx)
    }
}

impl AsyncSeek for File {
    fn poll_seek(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        position: SeekFrom,
    ) -> Poll<io::Result<u64>> {
        match ready!(self.poll_rest(cx))? {
            Outcome::Position(target, reached) if target == position => Poll::Ready(Ok(reached)),
            _ => {
                let job = self.start(move |mut file| file.seek(position))?;
                self.stage = Stage::Seeking(position, job);
                self.poll_seek(cx, position)
            }
        }
    }
}

/// An open file of the standard library.
impl From<fs::File> for File {
    fn from(file: fs::File) -> Self {
        File {
            file: Arc::new(file),
            stage: Stage::Resting,
            ahead: Ahead::default(),
            patience: Patience::Short,
        }
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.file.fmt(f)
    }
}
