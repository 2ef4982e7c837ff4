//! `TcpStream::connect` with several addresses, some of which do not answer.

use std::net::{self, SocketAddr};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use coloop::net::{TcpListener, TcpStream};
use coloop::{run, timeout};
use rustix::net::{bind, listen, socket, AddressFamily, SocketType};

const MS: Duration = Duration::from_millis(1);

/// An address that does not answer: the queue of a listener that nobody accepts from is full.
struct Silent {
    address: SocketAddr,
    _listener: net::TcpListener,
    _queue: Vec<TcpStream>,
}

impl Silent {
    async fn new() -> Self {
        let listener: OwnedFd = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
        bind(&listener, &SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        listen(&listener, 0).unwrap();
        let listener = net::TcpListener::from(listener);
        let address = listener.local_addr().unwrap();
        let mut queue = Vec::new();
        while let Ok(connected) = timeout(100 * MS, TcpStream::connect(address)).await {
            queue.push(connected.unwrap());
            assert!(queue.len() < 10);
        }
        Silent {
            address,
            _listener: listener,
            _queue: queue,
        }
    }
}

async fn answering() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn refusing() -> SocketAddr {
    let listener = net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

#[test]
fn one_that_does_not_answer_is_joined_by_the_next() {
    run(async {
        let (silent, (_listener, address)) = (Silent::new().await, answering().await);
        let started = Instant::now();
        let stream = TcpStream::connect([silent.address, silent.address, address])
            .happy_eyeballs_delay(Some(20 * MS))
            .await
            .unwrap();
        assert_eq!(stream.peer_addr().unwrap(), address);
        assert!(started.elapsed() >= 40 * MS);
    });
}

#[test]
fn without_a_delay_they_are_tried_one_after_the_other() {
    run(async {
        let (silent, (_listener, address)) = (Silent::new().await, answering().await);
        let connect = TcpStream::connect([silent.address, address]).happy_eyeballs_delay(None);
        assert!(timeout(300 * MS, connect).await.is_err());
    });
}

#[test]
fn one_that_refuses_is_followed_at_once() {
    run(async {
        let (_listener, address) = answering().await;
        let connect = TcpStream::connect([refusing(), refusing(), address])
            .happy_eyeballs_delay(Some(3_600_000 * MS));
        let stream = timeout(30_000 * MS, connect).await.unwrap().unwrap();
        assert_eq!(stream.peer_addr().unwrap(), address);
    });
}

#[test]
fn the_error_is_that_of_the_last() {
    run(async {
        let connect = TcpStream::connect([refusing(), refusing()]);
        let refused = connect.await.unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
        assert!(TcpStream::connect(&[][..]).await.is_err());
    });
}
