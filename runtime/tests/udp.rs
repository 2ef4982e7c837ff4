//! `net`: datagrams over loopback.

use std::io::ErrorKind;
use std::time::Duration;

use coloop::net::UdpSocket;
use coloop::{gather, run, spawn, timeout};

const MS: Duration = Duration::from_millis(1);

async fn socket() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0").await.unwrap()
}

#[test]
fn datagrams_keep_their_borders() {
    run(async {
        let (a, b) = (socket().await, socket().await);
        let to = b.local_addr().unwrap();
        for n in [0, 1, 1000] {
            assert_eq!(a.send_to(&vec![1; n], to).await.unwrap(), n);
        }
        let mut buffer = [0; 2000];
        for n in [0, 1, 1000] {
            let (got, from) = b.recv_from(&mut buffer).await.unwrap();
            assert_eq!((got, from), (n, a.local_addr().unwrap()));
        }
    });
}

#[test]
fn what_does_not_fit_is_lost() {
    run(async {
        let (a, b) = (socket().await, socket().await);
        let to = b.local_addr().unwrap();
        a.send_to(b"long", to).await.unwrap();
        a.send_to(b"next", to).await.unwrap();
        let mut buffer = [0; 2];
        assert_eq!(b.recv(&mut buffer).await.unwrap(), 2);
        assert_eq!(&buffer, b"lo");
        assert_eq!(b.recv(&mut buffer).await.unwrap(), 2);
        assert_eq!(&buffer, b"ne");
    });
}

#[test]
fn peeking_takes_nothing() {
    run(async {
        let (a, b) = (socket().await, socket().await);
        a.send_to(b"once", b.local_addr().unwrap()).await.unwrap();
        let mut buffer = [0; 8];
        let peeked = b.peek_from(&mut buffer).await.unwrap();
        assert_eq!(b.recv_from(&mut buffer).await.unwrap(), peeked);
    });
}

#[test]
fn waiting_and_giving_up_loses_nothing() {
    run(async {
        let (a, b) = (socket().await, socket().await);
        let to = b.local_addr().unwrap();
        let mut buffer = [0; 8];
        assert!(timeout(MS, b.recv(&mut buffer)).await.is_err());
        let later = spawn(async move {
            coloop::sleep(MS).await;
            a.send_to(b"late", to).await.unwrap();
        });
        assert_eq!(b.recv(&mut buffer).await.unwrap(), 4);
        later.await.unwrap();
    });
}

#[test]
fn only_the_peer_is_heard() {
    run(async {
        let (a, b, stranger) = (socket().await, socket().await, socket().await);
        b.connect(a.local_addr().unwrap()).await.unwrap();
        assert_eq!(b.peer_addr().unwrap(), a.local_addr().unwrap());
        stranger
            .send_to(b"no", b.local_addr().unwrap())
            .await
            .unwrap();
        a.send_to(b"yes", b.local_addr().unwrap()).await.unwrap();
        let mut buffer = [0; 8];
        assert_eq!(b.recv(&mut buffer).await.unwrap(), 3);
    });
}

#[test]
fn a_refusal_is_an_error_of_the_next_call() {
    run(async {
        let (a, nobody) = (socket().await, socket().await);
        let address = nobody.local_addr().unwrap();
        drop(nobody);
        a.connect(address).await.unwrap();
        a.send(b"x").await.unwrap();
        let error = timeout(1000 * MS, a.recv(&mut [0; 8])).await.unwrap();
        assert_eq!(error.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    });
}

#[test]
fn too_long_is_an_error() {
    run(async {
        let (a, b) = (socket().await, socket().await);
        let to = b.local_addr().unwrap();
        assert!(a.send_to(&vec![0; 100_000], to).await.is_err());
    });
}

#[test]
fn two_tasks_take_turns() {
    run(async {
        let (a, b) = (socket().await, socket().await);
        let receive = || async {
            let mut buffer = [0; 8];
            b.recv(&mut buffer).await.unwrap()
        };
        let send = async {
            let to = b.local_addr().unwrap();
            coloop::yield_now().await;
            a.send_to(b"1", to).await.unwrap();
            a.send_to(b"22", to).await.unwrap();
        };
        let (first, second, ()) = gather!(receive(), receive(), send).await;
        assert_eq!((first, second), (1, 2));
    });
}
