//! Connections, `duplex`, `start_server`: the cases of CPython's `test_streams` under their own names, and others.

mod common;

use std::cell::Cell;
use std::future::{pending, ready};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::os::unix::net as std_unix;
use std::rc::Rc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use coloop::io::{duplex, StreamReader};
use coloop::net::{start_server, TcpStream, UnixListener, UnixStream};
use coloop::{current_task, gather, sleep, spawn, timeout, yield_now, Runner};
use common::{bounded, iterations, ByHand, Place};
use futures_io::{AsyncRead, AsyncWrite};
use futures_util::{AsyncReadExt, AsyncWriteExt};

const MS: Duration = Duration::from_millis(1);

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
    bounded(async {
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

/// Answers one request, and waits until the client is gone.
fn serve_http(mut stream: impl Read + Write) {
    let (mut request, mut byte) = (Vec::new(), [0]);
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => request.push(byte[0]),
            _ => return,
        }
    }
    let answer = b"HTTP/1.0 200 OK\r\nContent-Length: 12\r\n\r\nTest message";
    stream.write_all(answer).unwrap();
}

/// A server of one connection, in a thread.
fn server(
    serve: impl FnOnce(std::net::TcpStream) + Send + 'static,
) -> (SocketAddr, JoinHandle<()>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = thread::spawn(move || serve(listener.accept().unwrap().0));
    (address, thread)
}

fn unix_server(
    place: &Place,
    serve: impl FnOnce(std_unix::UnixStream) + Send + 'static,
) -> JoinHandle<()> {
    let listener = std_unix::UnixListener::bind(&place.0).unwrap();
    thread::spawn(move || serve(listener.accept().unwrap().0))
}

async fn asks<S>(stream: &S)
where
    for<'a> &'a S: AsyncWrite,
{
    let mut writer = stream;
    let written = AsyncWriteExt::write_all(&mut writer, b"GET / HTTP/1.0\r\n\r\n");
    written.await.unwrap();
}

async fn gets<S>(stream: &S)
where
    for<'a> &'a S: AsyncRead + AsyncWrite,
{
    asks(stream).await;
    let mut reader = StreamReader::new(stream);
    assert_eq!(reader.read_line().await.unwrap(), b"HTTP/1.0 200 OK\r\n");
    let rest = reader.read_to_end().await.unwrap();
    assert!(rest.ends_with(b"\r\n\r\nTest message"));
}

/// Closes with unread bytes, which breaks the connection.
fn breaks(mut stream: impl Read) {
    stream.read_exact(&mut [0]).unwrap();
}

#[test]
fn test_open_connection() {
    let (address, thread) = server(serve_http);
    bounded(async { gets(&TcpStream::connect(address).await.unwrap()).await });
    thread.join().unwrap();
}

#[test]
fn test_open_unix_connection() {
    let place = Place::new("open");
    let thread = unix_server(&place, serve_http);
    bounded(async { gets(&UnixStream::connect(&place.0).await.unwrap()).await });
    thread.join().unwrap();
}

#[test]
fn test_open_connection_error() {
    let (address, thread) = server(breaks);
    bounded(async {
        let stream = TcpStream::connect(address).await.unwrap();
        asks(&stream).await;
        let read = StreamReader::new(&stream).read_to_end().await;
        assert_eq!(read.unwrap_err().kind(), ErrorKind::ConnectionReset);
    });
    thread.join().unwrap();
}

#[test]
fn test_open_unix_connection_error() {
    let place = Place::new("error");
    let thread = unix_server(&place, breaks);
    bounded(async {
        let stream = UnixStream::connect(&place.0).await.unwrap();
        asks(&stream).await;
        let read = StreamReader::new(&stream).read_to_end().await;
        assert_eq!(read.unwrap_err().kind(), ErrorKind::ConnectionReset);
    });
    thread.join().unwrap();
}

/// Dropping a stream closes it, with nothing to wait for.
#[test]
fn test_wait_closed_on_close() {
    let (address, thread) = server(|mut stream| {
        serve_http(&stream);
        stream.shutdown(Shutdown::Write).unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    });
    bounded(async {
        let stream = TcpStream::connect(address).await.unwrap();
        gets(&stream).await;
        drop(stream);
        thread.join().unwrap();
    });
}

#[test]
fn test_wait_closed_on_close_with_unread_data() {
    let (address, thread) = server(|mut stream| {
        serve_http(&stream);
        let _ = stream.read(&mut [0]);
    });
    bounded(async {
        let stream = TcpStream::connect(address).await.unwrap();
        asks(&stream).await;
        let line = StreamReader::with_limit(64, &stream).read(1).await;
        assert_eq!(line.unwrap(), b"H");
        drop(stream);
        thread.join().unwrap();
    });
}

#[test]
fn test_async_writer_api() {
    let (address, thread) = server(serve_http);
    bounded(async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        gets(&stream).await;
        stream.close().await.unwrap();
    });
    thread.join().unwrap();
}

#[test]
fn test_async_writer_api_exception_after_close() {
    let (address, thread) = server(serve_http);
    bounded(async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        gets(&stream).await;
        stream.close().await.unwrap();
        let error = TcpStream::write_all(&stream, b"data").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
    thread.join().unwrap();
}

#[test]
fn test_eof_feed_when_closing_writer() {
    let (address, thread) = server(serve_http);
    bounded(async {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.shutdown(Shutdown::Both).unwrap();
        let mut reader = StreamReader::new(&stream);
        assert_eq!(reader.read_to_end().await.unwrap(), b"");
        assert!(reader.at_eof());
    });
    thread.join().unwrap();
}

/// All who wait for room go on when there is some.
#[test]
fn test_multiple_drain() {
    bounded(async {
        let (writer, reader) = UnixStream::pair().unwrap();
        let (writer, drained) = (Rc::new(writer), Rc::new(Cell::new(0)));
        let mut filled = 0;
        while let Some(n) = ByHand::new(UnixStream::write(&writer, &[b'x'; 4096])).poll() {
            filled += n.unwrap();
        }
        for _ in 0..10 {
            let (writer, drained) = (Rc::clone(&writer), Rc::clone(&drained));
            drop(spawn(async move {
                UnixStream::write_all(&writer, b"y").await.unwrap();
                drained.set(drained.get() + 1);
            }));
        }
        iterations(3).await;
        assert_eq!(drained.get(), 0);
        let mut reader = StreamReader::new(&reader);
        let all = reader.read_exactly(filled + 10).await.unwrap();
        assert!(all.ends_with(b"xyyyyyyyyyy"));
        assert_eq!(drained.get(), 10);
    });
}

/// Who only writes learns that nobody reads.
#[test]
fn test_drain_raises() {
    let (address, thread) = server(drop);
    bounded(async {
        let stream = TcpStream::connect(address).await.unwrap();
        let error = loop {
            if let Err(error) = TcpStream::write_all(&stream, b"foo\n").await {
                break error;
            }
            yield_now().await;
        };
        let kinds = [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
        assert!(kinds.contains(&error.kind()), "{error}");
    });
    thread.join().unwrap();
}

/// Sends a line back.
async fn echo<S>(stream: S)
where
    for<'a> &'a S: AsyncRead + AsyncWrite,
{
    let line = StreamReader::new(&stream).read_line().await.unwrap();
    AsyncWriteExt::write_all(&mut &stream, &line).await.unwrap();
}

async fn hears_its_echo<S>(stream: S)
where
    for<'a> &'a S: AsyncRead + AsyncWrite,
{
    let written = AsyncWriteExt::write_all(&mut &stream, b"hello world!\n").await;
    written.unwrap();
    let line = StreamReader::new(&stream).read_line().await;
    assert_eq!(line.unwrap(), b"hello world!\n");
}

#[test]
fn test_start_server() {
    bounded(async {
        // A coroutine as the handler.
        let server = start_server("127.0.0.1:0", |stream, _| echo(stream));
        let server = server.await.unwrap();
        hears_its_echo(TcpStream::connect(server.local_addrs()[0]).await.unwrap()).await;
        server.close();
        server.wait_closed().await;

        // A callback, which starts a task.
        let server = start_server("127.0.0.1:0", |stream, _| {
            drop(spawn(echo(stream)));
            ready(())
        });
        let server = server.await.unwrap();
        hears_its_echo(TcpStream::connect(server.local_addrs()[0]).await.unwrap()).await;
        server.close();
        server.wait_closed().await;
    });
}

/// There is no `start_unix_server`: a task accepts.
#[test]
fn test_start_unix_server() {
    let place = Place::new("server");
    bounded(async {
        let listener = UnixListener::bind(&place.0).unwrap();
        let server = spawn(async move {
            loop {
                let stream = listener.accept().await.unwrap();
                drop(spawn(echo(stream)));
            }
        });
        for _ in 0..2 {
            hears_its_echo(UnixStream::connect(&place.0).await.unwrap()).await;
        }
        server.cancel();
        assert!(server.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn fifty_clients() {
    bounded(async {
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
    bounded(async {
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
    bounded(async {
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
    bounded(async {
        let server = start_server("127.0.0.1:0", |_, _| async {}).await.unwrap();
        assert!(timeout(MS, server.serve_forever()).await.is_err());
        assert!(!server.is_serving());
    });
}

#[test]
fn test_unhandled_exception() {
    bounded(async {
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

/// A handler that cancels itself ends its connection.
#[test]
fn test_unhandled_cancel() {
    bounded(async {
        let server = start_server("127.0.0.1:0", |stream, _| async move {
            current_task().unwrap().cancel();
            pending::<()>().await;
            drop(stream);
        });
        let server = server.await.unwrap();
        let client = TcpStream::connect(server.local_addrs()[0]).await.unwrap();
        assert_eq!(TcpStream::read(&client, &mut [0; 8]).await.unwrap(), 0);
        server.close();
        server.wait_closed().await;
    });
}

#[test]
fn an_address_that_is_taken() {
    bounded(async {
        let server = start_server("127.0.0.1:0", |_, _| async {}).await.unwrap();
        let again = start_server(server.local_addrs()[0], |_, _| async {}).await;
        assert_eq!(again.unwrap_err().kind(), ErrorKind::AddrInUse);
    });
}
