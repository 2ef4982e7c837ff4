//! `StreamReader`: the cases of CPython's `test_streams` about it, under their own names.
//!
//! What CPython looks up in the buffer of the reader is here in the buffer or still to be read, since the reader asks for bytes
//! itself.

mod common;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::{poll_fn, Future};
use std::io::{self, ErrorKind, Read as _};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::{pin, Pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use coloop::io::{ReadError, StreamReader};
use coloop::process::{Command, Stdio};
use coloop::{gather, run, spawn, yield_now};
use common::ByHand;
use futures_core::Stream;
use futures_io::AsyncRead;
use futures_util::AsyncReadExt;

const DATA: &[u8] = b"line1\nline2\nline3\n";

/// What a reader reads: it is given by hand.
#[derive(Clone, Debug, Default)]
struct Feed(Rc<RefCell<Fed>>);

#[derive(Debug, Default)]
struct Fed {
    bytes: VecDeque<u8>,
    end: Option<Result<usize, ErrorKind>>,
    reader: Option<Waker>,
}

impl Feed {
    fn data(&self, bytes: &[u8]) {
        self.change(|fed| fed.bytes.extend(bytes));
    }

    fn eof(&self) {
        self.change(|fed| fed.end = Some(Ok(0)));
    }

    fn exception(&self, kind: ErrorKind) {
        self.change(|fed| fed.end = Some(Err(kind)));
    }

    fn change(&self, change: impl FnOnce(&mut Fed)) {
        change(&mut self.0.borrow_mut());
        let reader = self.0.borrow_mut().reader.take();
        reader.into_iter().for_each(Waker::wake);
    }

    /// What `reader` has not given out.
    fn left(&self, reader: &StreamReader<Feed>) -> Vec<u8> {
        let unread = &self.0.borrow().bytes;
        reader.buffer().iter().chain(unread).copied().collect()
    }
}

impl AsyncRead for Feed {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut fed = self.0.borrow_mut();
        match fed.end {
            _ if !fed.bytes.is_empty() => Poll::Ready(fed.bytes.read(into)),
            Some(end) => Poll::Ready(end.map_err(io::Error::from)),
            None => {
                fed.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

fn stream() -> (StreamReader<Feed>, Feed) {
    let feed = Feed::default();
    (StreamReader::new(feed.clone()), feed)
}

fn stream_with_limit(limit: usize) -> (StreamReader<Feed>, Feed) {
    let feed = Feed::default();
    (StreamReader::with_limit(limit, feed.clone()), feed)
}

/// What `future` gives if it does not have to wait.
#[track_caller]
fn now<T>(future: impl Future<Output = T>) -> T {
    ByHand::new(future).poll().expect("it should not wait")
}

/// What `future` gives, when `feeds` runs while it waits.
#[track_caller]
fn while_fed<T>(future: impl Future<Output = T>, feeds: impl FnOnce()) -> T {
    let mut waiting = ByHand::waiting(future);
    feeds();
    assert!(waiting.is_woken());
    waiting.poll().expect("it has been fed")
}

#[track_caller]
fn is_overrun<T>(read: Result<T, ReadError>) -> bool {
    matches!(read, Err(ReadError::LimitOverrun { .. }))
}

fn message_of_panic<T>(future: impl Future<Output = T>) -> String {
    let polled = catch_unwind(AssertUnwindSafe(|| drop(now(future))));
    *polled.unwrap_err().downcast::<String>().unwrap()
}

#[test]
fn test_feed_empty_data() {
    let (stream, feed) = stream();
    feed.data(b"");
    assert_eq!(feed.left(&stream), b"");
    assert!(!stream.at_eof());
}

#[test]
fn test_feed_nonempty_data() {
    let (mut stream, feed) = stream();
    feed.data(DATA);
    assert_eq!(now(AsyncReadExt::read(&mut stream, &mut [])).unwrap(), 0);
    assert_eq!(stream.buffer(), DATA);
}

#[test]
fn test_read_zero() {
    let (mut stream, feed) = stream();
    feed.data(DATA);
    assert_eq!(now(stream.read(0)).unwrap(), b"");
    assert_eq!(feed.left(&stream), DATA);
}

#[test]
fn test_read() {
    let (mut stream, feed) = stream();
    let data = while_fed(stream.read(30), || feed.data(DATA));
    assert_eq!(data.unwrap(), DATA);
    assert_eq!(feed.left(&stream), b"");
}

#[test]
fn test_read_line_breaks() {
    let (mut stream, feed) = stream();
    feed.data(b"line1");
    feed.data(b"line2");
    assert_eq!(now(stream.read(5)).unwrap(), b"line1");
    assert_eq!(feed.left(&stream), b"line2");
}

#[test]
fn test_read_eof() {
    let (mut stream, feed) = stream();
    let data = while_fed(stream.read(1024), || feed.eof());
    assert_eq!(data.unwrap(), b"");
    assert!(stream.at_eof());
    assert_eq!(now(stream.read(1024)).unwrap(), b"");
}

#[test]
fn test_read_until_eof() {
    let (mut stream, feed) = stream();
    let data = while_fed(stream.read_to_end(), || {
        feed.data(b"chunk1\n");
        feed.data(b"chunk2");
        feed.eof();
    });
    assert_eq!(data.unwrap(), b"chunk1\nchunk2");
    assert_eq!(feed.left(&stream), b"");
}

/// The exception comes after what has been read before it. asyncio's reader forgets that.
#[test]
fn test_read_exception() {
    let (mut stream, feed) = stream();
    feed.data(b"line\n");
    assert_eq!(now(stream.read(2)).unwrap(), b"li");
    feed.exception(ErrorKind::ConnectionReset);
    assert_eq!(now(stream.read(10)).unwrap(), b"ne\n");
    let error = now(stream.read(2)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[test]
fn test_invalid_limit() {
    let limited = catch_unwind(|| drop(StreamReader::with_limit(0, Feed::default())));
    let panic = limited.unwrap_err();
    assert_eq!(
        panic.downcast_ref(),
        Some(&"a limit of 0 bytes lets nothing be read")
    );
}

#[test]
fn test_read_limit() {
    let (mut stream, feed) = stream_with_limit(3);
    feed.data(b"chunk");
    assert_eq!(now(stream.read(5)).unwrap(), b"chunk");
    assert_eq!(feed.left(&stream), b"");
}

#[test]
fn test_readline() {
    let (mut stream, feed) = stream();
    feed.data(b"chunk1 ");
    let line = while_fed(stream.read_line(), || {
        feed.data(b"chunk2 ");
        feed.data(b"chunk3 ");
        feed.data(b"\n chunk4");
    });
    assert_eq!(line.unwrap(), b"chunk1 chunk2 chunk3 \n");
    assert_eq!(feed.left(&stream), b" chunk4");
}

#[test]
fn test_readline_limit_with_existing_data() {
    let (mut stream, feed) = stream_with_limit(3);
    feed.data(b"li");
    feed.data(b"ne1\nline2\n");
    assert!(is_overrun(now(stream.read_line())));
    assert_eq!(feed.left(&stream), b"line2\n");

    // Without an end, everything is skipped.
    let (mut stream, feed) = stream_with_limit(3);
    feed.data(b"li");
    feed.data(b"ne1");
    feed.data(b"li");
    assert!(is_overrun(now(stream.read_line())));
    assert_eq!(feed.left(&stream), b"");
}

#[test]
fn test_at_eof() {
    let (mut stream, feed) = stream();
    assert!(!stream.at_eof());
    feed.data(b"some data\n");
    assert!(!stream.at_eof());
    now(stream.read_line()).unwrap();
    assert!(!stream.at_eof());
    feed.data(b"some data\n");
    feed.eof();
    now(stream.read_line()).unwrap();
    // Only a read finds the end.
    assert!(!stream.at_eof());
    assert_eq!(now(stream.read_line()).unwrap(), b"");
    assert!(stream.at_eof());
}

#[test]
fn test_readline_limit() {
    let (mut stream, feed) = stream_with_limit(7);
    let line = while_fed(stream.read_line(), || {
        feed.data(b"chunk1chunk2chunk3\n");
        feed.eof();
    });
    assert!(is_overrun(line));
    assert_eq!(feed.left(&stream), b"");

    let (mut stream, feed) = stream_with_limit(7);
    let line = while_fed(stream.read_line(), || {
        feed.data(b"chunk1chunk2\nchunk3\n");
        feed.eof();
    });
    assert!(is_overrun(line));
    assert_eq!(feed.left(&stream), b"chunk3\n");
}

#[test]
fn test_readline_limit_is_strict() {
    let (mut stream, feed) = stream_with_limit(7);
    feed.data(b"1234567\n");
    assert_eq!(now(stream.read_line()).unwrap(), b"1234567\n");
    assert_eq!(feed.left(&stream), b"");
    feed.data(b"12345678\n");
    assert!(is_overrun(now(stream.read_line())));
    assert_eq!(feed.left(&stream), b"");
    feed.data(b"12345678");
    assert!(is_overrun(now(stream.read_line())));
    assert_eq!(feed.left(&stream), b"");
}

#[test]
fn test_readline_nolimit_nowait() {
    let (mut stream, feed) = stream();
    feed.data(&DATA[..6]);
    feed.data(&DATA[6..]);
    assert_eq!(now(stream.read_line()).unwrap(), b"line1\n");
    assert_eq!(feed.left(&stream), b"line2\nline3\n");
}

#[test]
fn test_readline_eof() {
    let (mut stream, feed) = stream();
    feed.data(b"some data");
    feed.eof();
    assert_eq!(now(stream.read_line()).unwrap(), b"some data");
}

#[test]
fn test_readline_empty_eof() {
    let (mut stream, feed) = stream();
    feed.eof();
    assert_eq!(now(stream.read_line()).unwrap(), b"");
}

#[test]
fn test_readline_read_byte_count() {
    let (mut stream, feed) = stream();
    feed.data(DATA);
    now(stream.read_line()).unwrap();
    assert_eq!(now(stream.read(7)).unwrap(), b"line2\nl");
    assert_eq!(feed.left(&stream), b"ine3\n");
}

#[test]
fn test_readline_exception() {
    let (mut stream, feed) = stream();
    feed.data(b"line\n");
    assert_eq!(now(stream.read_line()).unwrap(), b"line\n");
    feed.exception(ErrorKind::ConnectionReset);
    let error: io::Error = now(stream.read_line()).unwrap_err().into();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(feed.left(&stream), b"");
}

#[test]
fn test_readuntil_separator() {
    let (mut stream, _feed) = stream();
    let empty = message_of_panic(stream.read_until(b""));
    assert!(empty.contains("a separator has at least one byte"));
    let empty = message_of_panic(stream.read_until_any(&[b""]));
    assert!(empty.contains("a separator has at least one byte"));
    let none = message_of_panic(stream.read_until_any(&[]));
    assert!(none.contains("a separator has at least one byte"));
}

#[test]
fn test_readuntil_multi_chunks() {
    let (mut stream, feed) = stream();
    for _ in 0..2 {
        feed.data(b"lineAAA");
        assert_eq!(now(stream.read_until(b"AAA")).unwrap(), b"lineAAA");
        assert_eq!(feed.left(&stream), b"");
    }
    feed.data(b"lineAAAxxx");
    assert_eq!(now(stream.read_until(b"AAA")).unwrap(), b"lineAAA");
    assert_eq!(feed.left(&stream), b"xxx");
}

/// The separator comes in pieces, after beginnings of it that lead nowhere.
#[test]
fn test_readuntil_multi_chunks_1() {
    let cases: [(&[&[u8]], &[u8]); 5] = [
        (&[b"QWEaa", b"XYaa", b"a"], b"QWEaaXYaaa"),
        (&[b"QWEaa", b"XYa", b"aa"], b"QWEaaXYaaa"),
        (&[b"aaa"], b"aaa"),
        (&[b"Xaaa"], b"Xaaa"),
        (&[b"XXX", b"a", b"a", b"a"], b"XXXaaa"),
    ];
    for (chunks, expected) in cases {
        let (mut stream, feed) = stream();
        let mut reading = ByHand::new(stream.read_until(b"aaa"));
        let mut found = reading.poll();
        for chunk in chunks {
            assert!(found.is_none());
            feed.data(chunk);
            found = reading.poll();
        }
        assert_eq!(found.unwrap().unwrap(), expected);
        drop(reading);
        assert_eq!(feed.left(&stream), b"");
    }
}

#[test]
fn test_readuntil_eof() {
    let (mut stream, feed) = stream();
    feed.data(b"some dataAA");
    feed.eof();
    let error = now(stream.read_until(b"AAA")).unwrap_err();
    assert!(error.to_string().contains("undefined expected bytes"));
    let ReadError::Incomplete { partial, expected } = error else {
        panic!("{error}");
    };
    assert_eq!((&*partial, expected), (&b"some dataAA"[..], None));
    assert_eq!(feed.left(&stream), b"");
}

#[test]
fn test_readuntil_limit_found_sep() {
    let (mut stream, feed) = stream_with_limit(3);
    feed.data(b"some dataAA");
    let error = now(stream.read_until(b"AAA")).unwrap_err();
    // The separator may have begun.
    assert!(matches!(error, ReadError::LimitOverrun { consumed: 9 }));
    assert_eq!(feed.left(&stream), b"some dataAA");
    feed.data(b"A");
    assert!(is_overrun(now(stream.read_until(b"AAA"))));
    assert_eq!(feed.left(&stream), b"some dataAAA");

    let (mut stream, feed) = stream_with_limit(3);
    feed.data(b"some dataAAA");
    let error = now(stream.read_until(b"AAA")).unwrap_err();
    assert!(matches!(error, ReadError::LimitOverrun { consumed: 9 }));
    assert_eq!(feed.left(&stream), b"some dataAAA");
}

#[test]
fn test_readuntil_multi_separator() {
    let (mut stream, feed) = stream();
    feed.data(b"line 1\nline 2\r");
    let ends: [&[u8]; 2] = [b"\r", b"\n"];
    assert_eq!(now(stream.read_until_any(&ends)).unwrap(), b"line 1\n");
    assert_eq!(now(stream.read_until_any(&ends)).unwrap(), b"line 2\r");
    assert_eq!(feed.left(&stream), b"");

    // The one that ends first, even if it is the longer one.
    feed.data(b"ABCDEFG");
    let found = now(stream.read_until_any(&[b"DEF", b"BCDE"]));
    assert_eq!(found.unwrap(), b"ABCDE");
    assert_eq!(feed.left(&stream), b"FG");
}

#[test]
fn test_readuntil_multi_separator_limit() {
    let (mut stream, feed) = stream_with_limit(3);
    feed.data(b"some dataA");
    let read = now(stream.read_until_any(&[b"A", b"ome dataA"]));
    assert!(is_overrun(read));
    assert_eq!(feed.left(&stream), b"some dataA");
}

#[test]
fn test_readuntil_multi_separator_negative_offset() {
    let (mut stream, feed) = stream();
    feed.data(b"data");
    let mut reading = ByHand::waiting(stream.read_until_any(&[b"A", b"long sep"]));
    feed.data(b"Z");
    assert!(reading.poll().is_none());
    feed.data(b"Aaaa");
    assert_eq!(reading.poll().unwrap().unwrap(), b"dataZA");
    drop(reading);
    assert_eq!(feed.left(&stream), b"aaa");
}

#[test]
fn test_readuntil_bytearray() {
    let (mut stream, feed) = stream();
    feed.data(b"some data\r\n");
    let separator = Vec::from(b"\r\n");
    let read = now(stream.read_until(&separator));
    assert_eq!(read.unwrap(), b"some data\r\n");
    assert_eq!(feed.left(&stream), b"");
}

#[test]
fn test_readexactly_zero_or_less() {
    let (mut stream, feed) = stream();
    feed.data(DATA);
    assert_eq!(now(stream.read_exactly(0)).unwrap(), b"");
    assert_eq!(feed.left(&stream), DATA);
}

#[test]
fn test_readexactly() {
    let (mut stream, feed) = stream();
    let n = 2 * DATA.len();
    let data = while_fed(stream.read_exactly(n), || {
        for _ in 0..3 {
            feed.data(DATA);
        }
    });
    assert_eq!(data.unwrap(), [DATA, DATA].concat());
    assert_eq!(feed.left(&stream), DATA);
}

#[test]
fn test_readexactly_limit() {
    let (mut stream, feed) = stream_with_limit(3);
    feed.data(b"chunk");
    assert_eq!(now(stream.read_exactly(5)).unwrap(), b"chunk");
    assert_eq!(feed.left(&stream), b"");
}

#[test]
fn test_readexactly_eof() {
    let (mut stream, feed) = stream();
    let n = 2 * DATA.len();
    let read = while_fed(stream.read_exactly(n), || {
        feed.data(DATA);
        feed.eof();
    });
    let error = read.unwrap_err();
    assert_eq!(
        error.to_string(),
        "18 bytes read on a total of 36 expected bytes"
    );
    let ReadError::Incomplete { partial, expected } = error else {
        panic!("{error}");
    };
    assert_eq!((&*partial, expected), (DATA, Some(n)));
    assert_eq!(feed.left(&stream), b"");
}

/// As of `test_read_exception`: nothing that was there is lost.
#[test]
fn test_readexactly_exception() {
    let (mut stream, feed) = stream();
    feed.data(b"line\n");
    assert_eq!(now(stream.read_exactly(2)).unwrap(), b"li");
    feed.exception(ErrorKind::ConnectionReset);
    let error: io::Error = now(stream.read_exactly(10)).unwrap_err().into();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(feed.left(&stream), b"ne\n");
}

#[test]
fn test_exception() {
    let (mut stream, feed) = stream();
    feed.exception(ErrorKind::ConnectionReset);
    let error = now(stream.read(1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    let error: io::Error = now(stream.read_line()).unwrap_err().into();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[test]
fn test_exception_waiter() {
    run(async {
        let (mut stream, feed) = stream();
        let fails = async { feed.exception(ErrorKind::ConnectionReset) };
        let (line, ()) = gather!(stream.read_line(), fails).await;
        let error: io::Error = line.unwrap_err().into();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn test_exception_cancel() {
    run(async {
        let (mut stream, feed) = stream();
        let reading = spawn(async move { drop(stream.read_line().await) });
        yield_now().await;
        reading.cancel();
        yield_now().await;
        feed.exception(ErrorKind::ConnectionReset);
        assert!(reading.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn a_reader_whose_future_is_dropped_has_lost_nothing() {
    let (mut stream, feed) = stream();
    feed.data(b"half a ");
    drop(ByHand::waiting(stream.read_line()));
    drop(ByHand::waiting(stream.read_exactly(100)));
    feed.data(b"line\n");
    assert_eq!(now(stream.read_line()).unwrap(), b"half a line\n");
}

#[test]
fn test_read_all_from_pipe_reader() {
    run(async {
        let mut command = Command::shell("printf data");
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut reader = StreamReader::with_limit(1, child.stdout.take().unwrap());
        child.wait().await.unwrap();
        assert_eq!(reader.read_to_end().await.unwrap(), b"data");
    });
}

fn shown<R: std::fmt::Debug>(stream: &StreamReader<R>) -> String {
    format!("{stream:?}")
}

#[test]
fn test_repr() {
    let stream = StreamReader::new(&b""[..]);
    assert_eq!(
        shown(&stream),
        "StreamReader { inner: [], buffered: 0, limit: 65536, at_eof: false }"
    );
}

#[test]
fn test_repr_nondefault_limit() {
    assert!(shown(&stream_with_limit(123).0).contains("limit: 123"));
}

#[test]
fn test_repr_eof() {
    let (mut stream, feed) = stream();
    feed.eof();
    now(stream.read(1)).unwrap();
    assert!(shown(&stream).contains("at_eof: true"));
}

#[test]
fn test_repr_data() {
    let (mut stream, feed) = stream();
    feed.data(b"data!");
    now(stream.read(1)).unwrap();
    assert!(shown(&stream).contains("buffered: 4"));
}

#[test]
fn test_async_iterator_over_lines() {
    run(async {
        let (stream, feed) = stream();
        feed.data(b"one\ntwo\n\nlast");
        feed.eof();
        let mut lines = pin!(stream.lines());
        let mut found = Vec::new();
        while let Some(line) = poll_fn(|cx| lines.as_mut().poll_next(cx)).await {
            found.push(line.unwrap());
        }
        assert_eq!(found, [&b"one"[..], b"two", b"", b"last"]);
    });
}

#[test]
fn a_reader_is_a_reader() {
    let (mut stream, feed) = stream();
    feed.data(DATA);
    feed.eof();
    assert_eq!(now(stream.read_line()).unwrap(), b"line1\n");
    let mut rest = String::new();
    now(stream.read_to_string(&mut rest)).unwrap();
    assert_eq!(rest, "line2\nline3\n");
}
