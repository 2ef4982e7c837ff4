//! `net`: transfers over loopback connections.

mod common;

use std::future::{pending, poll_fn};
use std::io::{self, ErrorKind, IoSlice, IoSliceMut, Read as _, Write as _};
use std::net::{self, Shutdown};
use std::os::fd::AsRawFd;
use std::pin::Pin;
use std::rc::Rc;
use std::time::{Duration, Instant};

use coloop::net::{TcpListener, TcpStream};
use coloop::{gather, run, sleep, spawn, timeout, yield_now};
use common::{iterations, Trace};
use futures_io::{AsyncRead, AsyncWrite};

const MS: Duration = Duration::from_millis(1);

async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (client, server) = gather!(TcpStream::connect(address), listener.accept()).await;
    let (client, (server, peer)) = (client.unwrap(), server.unwrap());
    assert_eq!(client.local_addr().unwrap(), peer);
    assert_eq!(client.peer_addr().unwrap(), address);
    (client, server)
}

async fn read_to_end(stream: &TcpStream) -> io::Result<Vec<u8>> {
    let (mut all, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(all),
            n => all.extend_from_slice(&buffer[..n]),
        }
    }
}

#[test]
fn echo_to_many_clients() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                spawn(async move {
                    let bytes = read_to_end(&stream).await.unwrap();
                    stream.write_all(&bytes).await.unwrap();
                });
            }
        });
        let clients = (0..20_u8).map(|n| async move {
            let stream = TcpStream::connect(address).await.unwrap();
            let bytes = vec![n; 1000 * usize::from(n)];
            stream.write_all(&bytes).await.unwrap();
            stream.shutdown(Shutdown::Write).unwrap();
            assert_eq!(read_to_end(&stream).await.unwrap(), bytes);
        });
        gather(clients).await;
        server.cancel();
    });
}

#[test]
fn more_than_the_buffers_hold_passes_in_both_directions() {
    const SIZE: usize = 8 << 20;
    run(async {
        let (client, server) = pair().await;
        let sent: Vec<u8> = (0..SIZE).map(|i| (i % 251) as u8).collect();
        let send = |stream: Rc<TcpStream>, bytes: Vec<u8>| async move {
            stream.write_all(&bytes).await.unwrap();
            stream.shutdown(Shutdown::Write).unwrap();
        };
        let (client, server) = (Rc::new(client), Rc::new(server));
        let (up, down) = (sent.clone(), sent.clone());
        let sending = [
            spawn(send(client.clone(), up)),
            spawn(send(server.clone(), down)),
        ];
        let (at_server, at_client) = gather!(read_to_end(&server), read_to_end(&client)).await;
        assert!(at_server.unwrap() == sent && at_client.unwrap() == sent);
        for task in sending {
            task.await.unwrap();
        }
    });
}

#[test]
fn half_close_leaves_the_other_direction_open() {
    run(async {
        let (client, server) = pair().await;
        client.write_all(b"question").await.unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(read_to_end(&server).await.unwrap(), b"question");
        assert_eq!(server.read(&mut [0; 8]).await.unwrap(), 0);
        server.write_all(b"answer").await.unwrap();
        drop(server);
        assert_eq!(read_to_end(&client).await.unwrap(), b"answer");
        let error = client.write_all(b"more").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
}

/// The end of the input arrives together with the last bytes, and is announced once only.
#[test]
fn the_end_after_a_short_read_is_not_missed() {
    run(async {
        let (client, server) = pair().await;
        assert!(
            timeout(MS, server.read(&mut [0; 8])).await.is_err(),
            "registered"
        );
        client.write_all(b"last").await.unwrap();
        drop(client);
        sleep(2 * MS).await;
        let mut buffer = [0; 64];
        assert_eq!(server.read(&mut buffer).await.unwrap(), 4);
        let end = timeout(Duration::from_secs(1), server.read(&mut buffer)).await;
        assert_eq!(end.unwrap().unwrap(), 0);
    });
}

#[test]
fn dropping_a_stream_closes_its_descriptor() {
    run(async {
        let (client, server) = pair().await;
        let waiting = timeout(MS, server.read(&mut [0; 8])).await;
        assert!(waiting.is_err());
        let descriptor = format!("/proc/self/fd/{}", server.as_raw_fd());
        let socket = std::fs::read_link(&descriptor).unwrap();
        drop(server);
        assert_ne!(std::fs::read_link(&descriptor).ok(), Some(socket));
        assert_eq!(client.read(&mut [0; 8]).await.unwrap(), 0);
    });
}

#[test]
fn cancelling_a_task_closes_its_sockets() {
    run(async {
        let (client, server) = pair().await;
        let serving = spawn(async move {
            read_to_end(&server).await.unwrap();
        });
        yield_now().await;
        serving.cancel();
        let read = timeout(Duration::from_secs(1), client.read(&mut [0; 8])).await;
        assert_eq!(read.unwrap().unwrap(), 0);
    });
}

#[test]
fn the_end_of_the_loop_closes_sockets_and_one_may_outlive_it() {
    let client = run(async {
        let (client, server) = pair().await;
        client.write_all(b"kept").await.unwrap();
        assert!(timeout(MS, client.read(&mut [0; 8])).await.is_err());
        spawn(async move {
            let _server = server;
            pending::<()>().await;
        });
        client
    });
    run(async {
        let error = client.read(&mut [0; 8]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn a_stream_goes_on_in_another_loop() {
    let (client, server) = run(async {
        let (client, server) = pair().await;
        assert!(timeout(MS, server.read(&mut [0; 8])).await.is_err());
        (client, server)
    });
    run(async {
        let mut buffer = [0; 8];
        let write = async {
            sleep(MS).await;
            client.write_all(b"again").await.unwrap();
        };
        let (read, ()) = gather!(server.read(&mut buffer), write).await;
        assert_eq!(read.unwrap(), 5);
    });
}

#[test]
fn readers_of_one_stream_are_served_in_order() {
    let trace = Trace::new();
    run(async {
        let (client, server) = pair().await;
        let server = Rc::new(server);
        let readers = ["a", "b", "c"].map(|name| {
            let (server, trace) = (server.clone(), trace.clone());
            spawn(async move {
                let mut byte = [0];
                server.read(&mut byte).await.unwrap();
                trace.add(format!("{name} read {}", byte[0]));
            })
        });
        yield_now().await;
        client.write_all(&[1, 2, 3]).await.unwrap();
        let all = timeout(Duration::from_secs(5), gather(readers)).await;
        assert!(all.is_ok(), "somebody was not woken");
    });
    assert_eq!(trace.take(), "a read 1, b read 2, c read 3");
}

#[test]
fn events_come_before_timers_and_after_what_is_ready() {
    let trace = Trace::new();
    run(async {
        let (client, server) = pair().await;
        let (socket, timer, ready) = (trace.clone(), trace.clone(), trace.clone());
        let due = Instant::now() + 2 * MS;
        let tasks = [
            spawn(async move {
                coloop::sleep_until(due).await;
                timer.add("timer");
            }),
            spawn(async move {
                server.read(&mut [0; 8]).await.unwrap();
                socket.add("socket");
            }),
        ];
        iterations(2).await;
        client.write_all(b"x").await.unwrap();
        while Instant::now() < due {}
        let ready = spawn(async move { ready.add("ready") });
        gather(tasks.into_iter().chain([ready])).await;
    });
    assert_eq!(trace.take(), "ready, socket, timer");
}

#[test]
fn a_busy_loop_still_serves_sockets() {
    run(async {
        let (client, server) = pair().await;
        let reading = spawn(async move { server.read(&mut [0; 8]).await.unwrap() });
        yield_now().await;
        client.write_all(b"x").await.unwrap();
        let mut rounds = 0;
        while !reading.is_finished() {
            yield_now().await;
            rounds += 1;
            assert!(rounds < 1_000_000);
        }
        assert_eq!(reading.await.unwrap(), 1);
    });
}

#[test]
fn streams_of_the_standard_library_can_be_used() {
    run(async {
        let listener = net::TcpListener::bind("127.0.0.1:0").unwrap();
        let listener = TcpListener::try_from(listener).unwrap();
        let address = listener.local_addr().unwrap();
        let blocking = std::thread::spawn(move || {
            let mut stream = net::TcpStream::connect(address).unwrap();
            stream.write_all(b"ping").unwrap();
            let mut answer = [0; 4];
            stream.read_exact(&mut answer).unwrap();
            answer
        });
        let (stream, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 8];
        let n = stream.read(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..n], b"ping");
        stream.write_all(b"pong").await.unwrap();
        assert_eq!(&blocking.join().unwrap(), b"pong");
    });
}

/// The poll methods of `futures-io`, awaited.
async fn poll_read(mut reader: impl AsyncRead + Unpin, buffer: &mut [u8]) -> io::Result<usize> {
    poll_fn(|cx| Pin::new(&mut reader).poll_read(cx, buffer)).await
}

async fn poll_write(mut writer: impl AsyncWrite + Unpin, bytes: &[u8]) -> io::Result<usize> {
    poll_fn(|cx| Pin::new(&mut writer).poll_write(cx, bytes)).await
}

#[test]
fn halves_are_used_at_the_same_time() {
    run(async {
        let (mut client, server) = pair().await;
        let (mut reader, mut writer) = client.split();
        let mut buffer = [0; 8];
        let read = poll_read(&mut reader, &mut buffer);
        let write = async {
            yield_now().await;
            assert_eq!(poll_write(&mut writer, b"ping").await.unwrap(), 4);
            poll_fn(|cx| Pin::new(&mut writer).poll_flush(cx))
                .await
                .unwrap();
            poll_fn(|cx| Pin::new(&mut writer).poll_close(cx))
                .await
                .unwrap();
        };
        let echo = async {
            let bytes = read_to_end(&server).await.unwrap();
            server.write_all(&bytes).await.unwrap();
        };
        let (n, (), ()) = gather!(read, write, echo).await;
        assert_eq!(&buffer[..n.unwrap()], b"ping");
    });
}

#[test]
fn vectored_transfers_use_all_buffers() {
    run(async {
        let (mut client, mut server) = pair().await;
        let slices = [IoSlice::new(b"ab"), IoSlice::new(b"cde")];
        let written = poll_fn(|cx| Pin::new(&mut client).poll_write_vectored(cx, &slices)).await;
        assert_eq!(written.unwrap(), 5);
        let (mut first, mut second) = ([0; 1], [0; 8]);
        let mut buffers = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
        let read = poll_fn(|cx| Pin::new(&mut server).poll_read_vectored(cx, &mut buffers)).await;
        assert_eq!(read.unwrap(), 5);
        assert_eq!((&first, &second[..4]), (b"a", &b"bcde"[..]));
    });
}
