//! `net`: how connections come about.

mod common;

use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use coloop::net::{TcpListener, TcpStream};
use coloop::{gather, run, sleep, spawn, yield_now};
use common::Trace;

const MS: Duration = Duration::from_millis(1);

#[test]
fn refused_connect() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let error = TcpStream::connect(address).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    });
}

#[test]
fn connect_tries_the_addresses_in_order() {
    run(async {
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let refused = closed.local_addr().unwrap();
        drop(closed);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stream = TcpStream::connect([refused, address]).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), address);
        let error = TcpStream::connect(Vec::<SocketAddr>::new())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let error = TcpStream::connect("no port").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    });
}

#[test]
fn names_are_looked_up_while_the_loop_goes_on() {
    let trace = Trace::new();
    run(async {
        let listener = TcpListener::bind(("localhost", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connect = async {
            let stream = TcpStream::connect(("localhost", port)).await.unwrap();
            assert_eq!(stream.peer_addr().unwrap().port(), port);
            trace.add("connected");
        };
        gather!(connect, async { trace.add("meanwhile") }).await;
    });
    assert_eq!(trace.take(), "meanwhile, connected");
}

#[test]
fn tasks_that_wait_for_one_listener_get_one_connection_each() {
    let trace = Trace::new();
    run(async {
        let listener = Rc::new(TcpListener::bind("127.0.0.1:0").await.unwrap());
        let address = listener.local_addr().unwrap();
        let tasks = ["a", "b", "c"].map(|name| {
            let (listener, trace) = (listener.clone(), trace.clone());
            spawn(async move {
                let accepted = listener.accept().await.unwrap();
                trace.add(name);
                accepted
            })
        });
        yield_now().await;
        let mut clients = Vec::new();
        for _ in &tasks {
            clients.push(TcpStream::connect(address).await.unwrap());
            sleep(MS).await;
        }
        for task in tasks {
            task.await.unwrap();
        }
    });
    assert_eq!(trace.take(), "a, b, c");
}

#[test]
fn a_listener_says_what_it_is() {
    fn is_future<T>(_: &impl Future<Output = T>) {}
    run(async {
        let listener = TcpListener::bind("[::1]:0").await;
        let Ok(listener) = listener else {
            return;
        };
        assert!(listener.local_addr().unwrap().is_ipv6());
        is_future(&listener.accept());
        assert!(format!("{listener:?}").starts_with("TcpListener"));
    });
}
