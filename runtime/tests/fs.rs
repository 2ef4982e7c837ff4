//! `fs`: what dropped futures leave behind, errors that are told late, and files while the loop goes on.

use std::future::{poll_fn, Future};
use std::io::{ErrorKind, SeekFrom};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{mpsc, Arc, Mutex};
use std::task::Poll;

use coloop::fs::{self, File};
use coloop::{gather, run, spawn, to_thread};
use futures_util::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use futures_util::StreamExt;

/// A path that nobody else has, removed at the end.
struct Path(PathBuf);

impl Path {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("coloop-fs-{}-{n}", std::process::id());
        Path(std::env::temp_dir().join(name))
    }
}

impl Drop for Path {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn read_write(path: &Path) -> File {
    let mut options = std::fs::File::options();
    options.read(true).write(true).create(true);
    File::open_with(&path.0, options).await.unwrap()
}

/// Polls a future once, while no thread has time for it, and drops it.
async fn begin<F: Future>(future: F) {
    let (open, gate) = mpsc::channel::<()>();
    let gate = Arc::new(Mutex::new(gate));
    let waiting = || {
        let gate = Arc::clone(&gate);
        to_thread(move || gate.lock().unwrap().recv().is_err())
    };
    // As many as a loop has threads at most.
    let busy: Vec<_> = (0..32).map(|_| waiting()).collect();
    {
        let mut future = pin!(future);
        let polled = poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_pending()));
        assert!(polled.await);
    }
    drop(open);
    gather(busy).await;
}

#[test]
fn what_is_written_is_read() {
    run(async {
        let path = Path::new();
        let mut file = read_write(&path).await;
        let large: Vec<u8> = (0..3_000_000_u32).map(|n| n as u8).collect();
        file.write_all(&large).await.unwrap();
        file.flush().await.unwrap();
        assert_eq!(file.metadata().await.unwrap().len(), 3_000_000);
        assert_eq!(file.seek(SeekFrom::Start(0)).await.unwrap(), 0);
        let mut all = b"x".to_vec();
        assert_eq!(file.read_to_end(&mut all).await.unwrap(), 3_000_000);
        assert!(all[1..] == large);
        file.set_len(3).await.unwrap();
        file.sync_all().await.unwrap();
        file.sync_data().await.unwrap();
        assert_eq!(fs::read(&path.0).await.unwrap(), [0, 1, 2]);
    });
}

/// Bytes of a read that was given up are those of the next one.
#[test]
fn a_read_that_is_dropped_loses_nothing() {
    run(async {
        let path = Path::new();
        fs::write(&path.0, "Hello, World").await.unwrap();
        let mut file = read_write(&path).await;
        begin(file.read(&mut [0; 7])).await;
        let mut two = [0; 2];
        assert_eq!(file.read(&mut two).await.unwrap(), 2);
        assert_eq!(&two, b"He");
        // What was read ahead is given back before something is written, and before a place is counted from here.
        file.write_all(b"LL").await.unwrap();
        assert_eq!(file.seek(SeekFrom::Current(1)).await.unwrap(), 5);
        let mut rest = String::new();
        AsyncReadExt::read_to_string(&mut file, &mut rest)
            .await
            .unwrap();
        assert_eq!(rest, ", World");
        assert_eq!(fs::read(&path.0).await.unwrap(), b"HeLLo, World");
    });
}

#[test]
fn a_seek_that_is_dropped_is_not_the_answer_to_another() {
    run(async {
        let path = Path::new();
        fs::write(&path.0, "Hello, World").await.unwrap();
        let mut file = read_write(&path).await;
        begin(file.seek(SeekFrom::Start(7))).await;
        assert_eq!(file.seek(SeekFrom::End(-2)).await.unwrap(), 10);
        begin(file.seek(SeekFrom::Start(7))).await;
        let mut rest = [0; 64];
        let n = file.read(&mut rest).await.unwrap();
        assert_eq!(&rest[..n], b"World");
        let before = file.seek(SeekFrom::Current(-100)).await.unwrap_err();
        assert_eq!(before.kind(), ErrorKind::InvalidInput);
    });
}

#[test]
fn a_file_that_is_dropped_is_still_written() {
    let path = Path::new();
    run(async {
        let mut file = File::create(&path.0).await.unwrap();
        file.write_all(b"Hello").await.unwrap();
    });
    assert_eq!(std::fs::read(&path.0).unwrap(), b"Hello");
}

#[test]
fn the_error_of_a_write_is_told_by_the_next_operation() {
    run(async {
        let mut file = File::open("src/lib.rs").await.unwrap();
        file.write_all(b"x").await.unwrap();
        assert!(file.flush().await.is_err());
        file.flush().await.unwrap();
        file.write_all(b"x").await.unwrap();
        assert!(file.read(&mut [0; 1]).await.is_err());
        assert_eq!(file.read(&mut [0; 1]).await.unwrap(), 1);
    });
}

#[test]
fn through_the_traits_and_with_nothing_to_do() {
    run(async {
        let path = Path::new();
        let mut file = read_write(&path).await;
        AsyncWriteExt::write_all(&mut file, b"one\ntwo\n")
            .await
            .unwrap();
        AsyncSeekExt::seek(&mut file, SeekFrom::Start(0))
            .await
            .unwrap();
        assert_eq!(file.read(&mut []).await.unwrap(), 0);
        let mut lines = coloop::io::StreamReader::new(file);
        assert_eq!(lines.read_line().await.unwrap(), b"one\n");
        assert_eq!(lines.read_line().await.unwrap(), b"two\n");
        assert_eq!(lines.read_line().await.unwrap(), b"");
    });
}

#[test]
fn a_directory_of_many() {
    run(async {
        let path = Path::new();
        fs::create_dir(&path.0).await.unwrap();
        for n in 0..200 {
            std::fs::write(path.0.join(n.to_string()), "").unwrap();
        }
        let mut entries = fs::read_dir(&path.0).await.unwrap();
        let mut numbers: Vec<u32> = Vec::new();
        while let Some(entry) = entries.next().await {
            let name = entry.unwrap().file_name().into_string().unwrap();
            numbers.push(name.parse().unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (0..200).collect::<Vec<_>>());
        assert!(entries.next_entry().await.unwrap().is_none());
        let missing = fs::read_dir(path.0.join("missing")).await.unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::NotFound);
    });
}

#[test]
fn several_at_a_time() {
    run(async {
        let sizes = (0..50).map(|_| spawn(fs::read("src/lib.rs")));
        let sizes: Vec<_> = gather(sizes).await;
        let expected = std::fs::metadata("src/lib.rs").unwrap().len() as usize;
        assert!(sizes
            .into_iter()
            .all(|read| read.unwrap().unwrap().len() == expected));
    });
}
