//! `net`: Unix sockets.

mod common;

use std::io::ErrorKind;
use std::net::Shutdown;
use std::pin::pin;
use std::time::Duration;

use coloop::net::{UnixDatagram, UnixListener, UnixStream};
use coloop::{gather, run, spawn, timeout, yield_now};
use common::Place;
use futures_io::{AsyncRead, AsyncWrite};

async fn read_to_end(stream: &UnixStream) -> Vec<u8> {
    let (mut all, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut buffer).await.unwrap() {
            0 => return all,
            n => all.extend_from_slice(&buffer[..n]),
        }
    }
}

#[test]
fn echo_to_many_clients() {
    let place = Place::new("echo");
    run(async {
        let listener = UnixListener::bind(&place.0).unwrap();
        let server = spawn(async move {
            loop {
                let stream = listener.accept().await.unwrap();
                spawn(async move {
                    let bytes = read_to_end(&stream).await;
                    stream.write_all(&bytes).await.unwrap();
                });
            }
        });
        let clients = (0..20_u8).map(|n| {
            let path = &place.0;
            async move {
                let stream = UnixStream::connect(path).await.unwrap();
                let bytes = vec![n; 10_000 * usize::from(n)];
                stream.write_all(&bytes).await.unwrap();
                stream.shutdown(Shutdown::Write).unwrap();
                assert_eq!(read_to_end(&stream).await, bytes);
            }
        });
        gather(clients).await;
        server.cancel();
    });
    assert!(!place.0.exists(), "the listener removes its file");
}

#[test]
fn bind_leaves_a_file_alone() {
    let place = Place::new("taken");
    let first = UnixListener::bind(&place.0).unwrap();
    let second = UnixListener::bind(&place.0);
    assert_eq!(second.unwrap_err().kind(), ErrorKind::AddrInUse);
    drop(first);
    UnixListener::bind(&place.0).unwrap();
}

#[test]
fn nobody_listens() {
    let place = Place::new("nobody");
    let refused = run(UnixStream::connect(&place.0));
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_path_that_is_too_long() {
    let refused = run(UnixStream::connect("x".repeat(200)));
    let too_long = rustix::io::Errno::NAMETOOLONG.raw_os_error();
    assert_eq!(refused.unwrap_err().raw_os_error(), Some(too_long));
}

#[test]
fn connect_waits_while_the_queue_is_full() {
    let place = Place::new("full");
    run(async {
        let listener = std::os::unix::net::UnixListener::bind(&place.0).unwrap();
        rustix::net::listen(&listener, 1).unwrap();
        let mut early = Vec::new();
        let late = loop {
            let connect = UnixStream::connect(&place.0);
            match timeout(Duration::from_millis(5), connect).await {
                Ok(stream) => early.push(stream.unwrap()),
                Err(_) => break spawn(UnixStream::connect(place.0.clone())),
            }
            assert!(early.len() < 10_000, "the queue has an end");
        };
        let listener = UnixListener::try_from(listener).unwrap();
        for _ in 0..=early.len() {
            listener.accept().await.unwrap();
        }
        late.await.unwrap().unwrap();
    });
}

#[test]
fn backpressure_and_halves() {
    run(async {
        let (mut left, right) = UnixStream::pair().unwrap();
        let bytes = vec![7; 3_000_000];
        let (reader, writer) = left.split();
        let write = async {
            let mut writer = pin!(writer);
            let mut written = 0;
            while written < bytes.len() {
                let n =
                    std::future::poll_fn(|cx| writer.as_mut().poll_write(cx, &bytes[written..]));
                written += n.await.unwrap();
            }
            std::future::poll_fn(|cx| writer.as_mut().poll_close(cx))
                .await
                .unwrap();
            std::future::poll_fn(|cx| writer.as_mut().poll_close(cx))
                .await
                .unwrap();
        };
        let read = async {
            let all = read_to_end(&right).await;
            right.write_all(b"done").await.unwrap();
            all
        };
        let ((), all) = gather!(write, read).await;
        assert!(all == bytes);
        let (mut reader, mut buffer) = (pin!(reader), [0; 8]);
        let n = std::future::poll_fn(|cx| reader.as_mut().poll_read(cx, &mut buffer));
        assert_eq!(n.await.unwrap(), 4);
    });
}

#[test]
fn a_peer_that_is_gone() {
    run(async {
        let (left, right) = UnixStream::pair().unwrap();
        drop(right);
        let error = left.write_all(b"x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
        assert_eq!(left.read(&mut [0; 4]).await.unwrap(), 0);
    });
}

#[test]
fn datagrams_keep_their_borders_and_wait_for_room() {
    run(async {
        let (left, right) = UnixDatagram::pair().unwrap();
        let send = async {
            for n in 0..2000_usize {
                assert_eq!(left.send(&vec![1; n]).await.unwrap(), n);
            }
        };
        let receive = async {
            let mut buffer = vec![0; 4096];
            for n in 0..2000 {
                yield_now().await;
                assert_eq!(right.recv(&mut buffer).await.unwrap(), n);
            }
        };
        gather!(send, receive).await;
    });
}

#[test]
fn datagrams_by_path() {
    let (there, here) = (Place::new("there"), Place::new("here"));
    run(async {
        let server = UnixDatagram::bind(&there.0).unwrap();
        let client = UnixDatagram::bind(&here.0).unwrap();
        client.try_send_to(b"hello", &there.0).unwrap();
        let mut buffer = [0; 16];
        let (n, from) = server.recv_from(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..n], b"hello");
        assert_eq!(from.as_pathname(), Some(here.0.as_path()));
        server.connect(&here.0).unwrap();
        server.send(b"back").await.unwrap();
        assert_eq!(client.recv(&mut buffer).await.unwrap(), 4);
    });
    assert!(!there.0.exists() && !here.0.exists());
}
