//! `StreamReader`, `duplex`, `start_server`: the cases of CPython's `test_streams` under their own names, and others.

mod common;

use std::cell::Cell;
use std::future::pending;
use std::io::ErrorKind;
use std::net::Shutdown;
use std::pin::{pin, Pin};
use std::rc::Rc;
use std::time::Duration;

use coloop::io::{duplex, DuplexStream, ReadError, StreamReader};
use coloop::net::{start_server, TcpStream};
use coloop::{gather, run, sleep, spawn, timeout, yield_now, Runner};
use common::ByHand;
use futures_core::Stream;
use futures_util::{AsyncReadExt, AsyncWriteExt};

const MS: Duration = Duration::from_millis(1);
const DATA: &[u8] = b"line1\nline2\nline3\n";

/// A reader, and what feeds it.
fn fed(bytes: &[u8]) -> (StreamReader<DuplexStream>, DuplexStream) {
    fed_with_limit(64 * 1024, bytes)
}

fn fed_with_limit(limit: usize, bytes: &[u8]) -> (StreamReader<DuplexStream>, DuplexStream) {
    let (mut feed, reader) = duplex(1 << 20);
    let mut reader = StreamReader::with_limit(limit, reader);
    assert_eq!(
        ByHand::new(feed.write_all(bytes)).poll().unwrap().ok(),
        Some(())
    );
    if !bytes.is_empty() {
        // Into the buffer, as `feed_data` would.
        let filled = ByHand::new(AsyncReadExt::read(&mut reader, &mut [])).poll();
        assert_eq!(filled.unwrap().unwrap(), 0);
    }
    (reader, feed)
}

/// A reader of an input that ends.
fn ended(bytes: &[u8]) -> StreamReader<DuplexStream> {
    fed(bytes).0
}

#[test]
fn test_feed_empty_data() {
    let (reader, _feed) = fed(b"");
    assert_eq!(reader.buffer(), b"");
    assert!(!reader.at_eof());
}

#[test]
fn test_feed_nonempty_data() {
    let (reader, _feed) = fed(DATA);
    assert_eq!(reader.buffer(), DATA);
}

#[test]
fn test_read_zero() {
    run(async {
        let (mut reader, _feed) = fed(DATA);
        assert_eq!(reader.read(0).await.unwrap(), b"");
        assert_eq!(reader.buffer(), DATA);
    });
}

#[test]
fn test_read() {
    run(async {
        let (mut reader, mut feed) = fed(b"");
        let feeds = async {
            yield_now().await;
            feed.write_all(DATA).await.unwrap();
        };
        assert_eq!(gather!(reader.read(30), feeds).await.0.unwrap(), DATA);
        assert_eq!(reader.buffer(), b"");
    });
}

#[test]
fn test_read_line_breaks() {
    run(async {
        let (mut reader, _feed) = fed(b"line1\nline2");
        assert_eq!(reader.read(5).await.unwrap(), b"line1");
        assert_eq!(reader.buffer(), b"\nline2");
    });
}

#[test]
fn test_read_eof() {
    run(async {
        let mut reader = ended(b"");
        assert_eq!(reader.read(1024).await.unwrap(), b"");
        assert!(reader.at_eof());
        assert_eq!(reader.read(1024).await.unwrap(), b"");
    });
}

#[test]
fn test_read_until_eof() {
    run(async {
        let (mut reader, mut feed) = fed(b"");
        let feeds = async {
            feed.write_all(b"chunk1\n").await.unwrap();
            yield_now().await;
            feed.write_all(b"chunk2").await.unwrap();
            drop(feed);
        };
        let all = gather!(reader.read_to_end(), feeds).await.0;
        assert_eq!(all.unwrap(), b"chunk1\nchunk2");
        assert!(reader.at_eof());
    });
}

#[test]
#[should_panic(expected = "a limit of 0 bytes lets nothing be read")]
fn test_invalid_limit() {
    drop(StreamReader::with_limit(0, duplex(1).0));
}

#[test]
fn test_readline() {
    run(async {
        let (mut reader, mut feed) = fed(b"chunk1 ");
        let feeds = async {
            for chunk in ["chunk2 ", "chunk3 ", "\n chunk4"] {
                yield_now().await;
                feed.write_all(chunk.as_bytes()).await.unwrap();
            }
        };
        let line = gather!(reader.read_line(), feeds).await.0;
        assert_eq!(line.unwrap(), b"chunk1 chunk2 chunk3 \n");
        assert_eq!(reader.buffer(), b" chunk4");
    });
}

#[test]
fn test_readline_limit() {
    run(async {
        // Longer than the limit, with an end: the line is skipped.
        let (mut reader, _feed) = fed_with_limit(7, b"li ne11\nline2\n");
        assert_eq!(reader.read_line().await.unwrap(), b"li ne11\n");
        let (mut reader, _feed) = fed_with_limit(3, b"li\nline2\nl3\n");
        assert_eq!(reader.read_line().await.unwrap(), b"li\n");
        let overrun = reader.read_line().await.unwrap_err();
        assert!(matches!(overrun, ReadError::LimitOverrun { consumed: 5 }));
        assert_eq!(reader.read_line().await.unwrap(), b"l3\n");
    });
}

#[test]
fn test_readline_limit_with_existing_data() {
    run(async {
        // Without an end: what there is, is skipped.
        let (mut reader, mut feed) = fed_with_limit(3, b"li");
        feed.write_all(b"ne1").await.unwrap();
        assert!(reader.read_line().await.is_err());
        assert_eq!(reader.buffer(), b"");
        feed.write_all(b"l2\n").await.unwrap();
        assert_eq!(reader.read_line().await.unwrap(), b"l2\n");
    });
}

#[test]
fn test_readline_line_and_eof() {
    run(async {
        let mut reader = ended(b"some data at the end");
        assert_eq!(reader.read_line().await.unwrap(), b"some data at the end");
        assert!(reader.at_eof());
    });
}

#[test]
fn test_readline_empty_eof() {
    run(async { assert_eq!(ended(b"").read_line().await.unwrap(), b"") });
}

#[test]
fn test_readline_read_byte_count() {
    run(async {
        let (mut reader, _feed) = fed(DATA);
        reader.read_line().await.unwrap();
        assert_eq!(reader.read(7).await.unwrap(), b"line2\nl");
        assert_eq!(reader.buffer(), b"ine3\n");
    });
}

#[test]
fn test_readuntil_separator() {
    run(async {
        let (mut reader, _feed) = fed(b"AABBB");
        assert_eq!(reader.read_until(b"B").await.unwrap(), b"AAB");
        assert_eq!(reader.buffer(), b"BB");
    });
}

#[test]
#[should_panic(expected = "a separator has at least one byte")]
fn test_readuntil_separator_that_is_empty() {
    run(async { drop(ended(b"x").read_until(b"").await) });
}

#[test]
fn test_readuntil_multi_chunks() {
    run(async {
        let (mut reader, mut feed) = fed(b"QWERTY");
        let feeds = async {
            yield_now().await;
            feed.write_all(b"some dataAAA ").await.unwrap();
        };
        let piece = gather!(reader.read_until(b"AAA"), feeds).await.0;
        assert_eq!(piece.unwrap(), b"QWERTYsome dataAAA");
        assert_eq!(reader.buffer(), b" ");
    });
}

#[test]
fn test_readuntil_multi_chunks_1() {
    run(async {
        // A separator in pieces.
        let (mut reader, mut feed) = fed(b"QWEa");
        let feeds = async {
            for chunk in ["XYZa", "a"] {
                yield_now().await;
                feed.write_all(chunk.as_bytes()).await.unwrap();
            }
        };
        let piece = gather!(reader.read_until(b"aa"), feeds).await.0;
        assert_eq!(piece.unwrap(), b"QWEaXYZaa");
    });
}

#[test]
fn test_readuntil_eof() {
    run(async {
        let error = ended(b"some data").read_until(b"AA").await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "9 bytes read on a total of undefined expected bytes"
        );
        let ReadError::Incomplete { partial, expected } = error else {
            panic!("{error}");
        };
        assert_eq!((&*partial, expected), (&b"some data"[..], None));
    });
}

#[test]
fn test_readuntil_limit_found_sep() {
    run(async {
        let (mut reader, _feed) = fed_with_limit(3, b"some dataAA");
        let error = reader.read_until(b"AA").await.unwrap_err();
        assert!(matches!(error, ReadError::LimitOverrun { consumed: 9 }));
        assert_eq!(reader.buffer(), b"some dataAA");
    });
}

#[test]
fn test_readuntil_multi_separator() {
    run(async {
        let (mut reader, _feed) = fed(b"some data AAB other BAA");
        let both: [&[u8]; 2] = [b"AA", b"B "];
        assert_eq!(reader.read_until_any(&both).await.unwrap(), b"some data AA");
        assert_eq!(reader.read_until_any(&both).await.unwrap(), b"B ");
        assert_eq!(reader.read_until_any(&both).await.unwrap(), b"other BAA");
    });
}

#[test]
fn test_readexactly_zero_or_less() {
    run(async {
        let (mut reader, _feed) = fed(DATA);
        assert_eq!(reader.read_exactly(0).await.unwrap(), b"");
        assert_eq!(reader.buffer(), DATA);
    });
}

#[test]
fn test_readexactly() {
    run(async {
        let (mut reader, mut feed) = fed(b"");
        let feeds = async {
            for _ in 0..3 {
                yield_now().await;
                feed.write_all(DATA).await.unwrap();
            }
        };
        let n = 2 * DATA.len();
        let piece = gather!(reader.read_exactly(n), feeds).await.0.unwrap();
        assert_eq!(piece, [DATA, DATA].concat());
    });
}

#[test]
fn test_readexactly_limit() {
    run(async {
        // The limit is one of separators only.
        let (mut reader, _feed) = fed_with_limit(3, b"chunk");
        assert_eq!(reader.read_exactly(5).await.unwrap(), b"chunk");
    });
}

#[test]
fn test_readexactly_eof() {
    run(async {
        let mut reader = ended(DATA);
        let error = reader.read_exactly(DATA.len() * 2).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "18 bytes read on a total of 36 expected bytes"
        );
        let ReadError::Incomplete { partial, .. } = error else {
            panic!("{error}");
        };
        assert_eq!((&*partial, reader.buffer()), (DATA, &b""[..]));
    });
}

#[test]
fn test_exception() {
    struct Broken;
    impl futures_io::AsyncRead for Broken {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
            _: &mut [u8],
        ) -> std::task::Poll<std::io::Result<usize>> {
            std::task::Poll::Ready(Err(ErrorKind::ConnectionReset.into()))
        }
    }
    run(async {
        let mut reader = StreamReader::new(Broken);
        assert_eq!(
            reader.read(2).await.unwrap_err().kind(),
            ErrorKind::ConnectionReset
        );
        let error: std::io::Error = reader.read_line().await.unwrap_err().into();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn test_exception_cancel() {
    run(async {
        // A reader whose future is dropped has lost nothing.
        let (mut reader, mut feed) = fed(b"half a ");
        assert!(timeout(MS, reader.read_line()).await.is_err());
        assert!(timeout(MS, reader.read_exactly(100)).await.is_err());
        feed.write_all(b"line\n").await.unwrap();
        assert_eq!(reader.read_line().await.unwrap(), b"half a line\n");
    });
}

#[test]
fn test_async_iterator_over_lines() {
    run(async {
        let mut lines = pin!(ended(b"one\ntwo\n\nlast").lines());
        let mut found = Vec::new();
        loop {
            let next = std::future::poll_fn(|cx| lines.as_mut().poll_next(cx));
            match next.await {
                Some(line) => found.push(line.unwrap()),
                None => break,
            }
        }
        assert_eq!(found, [&b"one"[..], b"two", b"", b"last"]);
    });
}

#[test]
fn a_reader_is_a_reader() {
    run(async {
        let mut reader = ended(DATA);
        assert_eq!(reader.read_line().await.unwrap(), b"line1\n");
        let mut rest = String::new();
        reader.read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, "line2\nline3\n");
    });
}

#[test]
fn a_megabyte_through_memory_in_virtual_time() {
    Runner::builder()
        .virtual_time(true)
        .detect_deadlocks(true)
        .build()
        .run(async {
            let (mut left, mut right) = duplex(1000);
            let bytes: Vec<u8> = (0..1_000_000_u32).map(|n| n as u8).collect();
            let write = async {
                left.write_all(&bytes).await.unwrap();
                left.close().await.unwrap();
                let mut answer = String::new();
                left.read_to_string(&mut answer).await.unwrap();
                answer
            };
            let read = async {
                let mut all = Vec::new();
                right.read_to_end(&mut all).await.unwrap();
                right.write_all(b"got it").await.unwrap();
                drop(right);
                all
            };
            let (answer, all) = gather!(write, read).await;
            assert!(all == bytes);
            assert_eq!(answer, "got it");
        });
}

#[test]
fn a_duplex_whose_other_end_is_gone() {
    run(async {
        let (mut left, right) = duplex(10);
        drop(right);
        assert_eq!(
            left.write(b"x").await.unwrap_err().kind(),
            ErrorKind::BrokenPipe
        );
        assert_eq!(left.read(&mut [0; 4]).await.unwrap(), 0);
        let (mut left, right) = duplex(2);
        left.write_all(b"xx").await.unwrap();
        let stuck = spawn(async move { left.write_all(b"y").await });
        yield_now().await;
        drop(right);
        assert_eq!(
            stuck.await.unwrap().unwrap_err().kind(),
            ErrorKind::BrokenPipe
        );
    });
}

#[test]
fn test_start_server() {
    run(async {
        let server = start_server("127.0.0.1:0", |stream, _| async move {
            let mut reader = StreamReader::new(&stream);
            while let Ok(line) = reader.read_line().await {
                if line.is_empty() || stream.write_all(&line).await.is_err() {
                    break;
                }
            }
        });
        let server = server.await.unwrap();
        assert!(server.is_serving());
        let address = server.local_addrs()[0];
        let clients = (0..50).map(|n| async move {
            let stream = TcpStream::connect(address).await.unwrap();
            let mut reader = StreamReader::new(&stream);
            for _ in 0..3 {
                let line = format!("hello {n}\n");
                stream.write_all(line.as_bytes()).await.unwrap();
                assert_eq!(reader.read_line().await.unwrap(), line.as_bytes());
            }
        });
        gather(clients).await;
        server.close();
        assert!(!server.is_serving());
        server.wait_closed().await;
        assert_eq!(server.connections(), 0);
        let refused = TcpStream::connect(address).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    });
}

#[test]
fn test_wait_closed() {
    // Connections that exist go on, and are waited for.
    run(async {
        let server = start_server("127.0.0.1:0", |stream, _| async move {
            let _ = stream.read(&mut [0; 1]).await;
        });
        let server = Rc::new(server.await.unwrap());
        let client = TcpStream::connect(server.local_addrs()[0]).await.unwrap();
        while server.connections() == 0 {
            sleep(MS).await;
        }
        let closing = Rc::clone(&server);
        let closed = spawn(async move { closing.wait_closed().await });
        server.close();
        sleep(MS).await;
        assert!(!closed.is_finished());
        client.shutdown(Shutdown::Write).unwrap();
        timeout(5000 * MS, closed).await.unwrap().unwrap();
    });
}

#[test]
fn test_close_clients() {
    run(async {
        let server = start_server("127.0.0.1:0", |_stream, _| pending());
        let server = server.await.unwrap();
        let client = TcpStream::connect(server.local_addrs()[0]).await.unwrap();
        while server.connections() == 0 {
            sleep(MS).await;
        }
        server.close();
        server.abort_clients();
        server.wait_closed().await;
        assert_eq!(client.read(&mut [0; 1]).await.unwrap(), 0);
    });
}

#[test]
fn serve_forever_ends_with_its_future() {
    run(async {
        let server = start_server("127.0.0.1:0", |_, _| async {}).await.unwrap();
        assert!(timeout(MS, server.serve_forever()).await.is_err());
        assert!(!server.is_serving());
    });
}

#[test]
fn a_handler_that_panics_ends_one_connection() {
    run(async {
        let first = Rc::new(Cell::new(true));
        let server = start_server("127.0.0.1:0", move |stream, _| {
            let panics = first.replace(false);
            async move {
                assert!(!panics, "the first connection");
                stream.write_all(b"fine").await.unwrap();
            }
        });
        let server = server.await.unwrap();
        let address = server.local_addrs()[0];
        let client = TcpStream::connect(address).await.unwrap();
        assert_eq!(client.read(&mut [0; 8]).await.unwrap(), 0);
        let client = TcpStream::connect(address).await.unwrap();
        assert_eq!(client.read(&mut [0; 8]).await.unwrap(), 4);
    });
}

#[test]
fn an_address_that_is_taken() {
    run(async {
        let server = start_server("127.0.0.1:0", |_, _| async {}).await.unwrap();
        let again = start_server(server.local_addrs()[0], |_, _| async {}).await;
        assert_eq!(again.unwrap_err().kind(), ErrorKind::AddrInUse);
    });
}
