//! hyper's servers and clients on one loop: requests, bodies, time, and how connections end.

mod common;

use std::cell::Cell;
use std::convert::Infallible;
use std::error::Error;
use std::future::Future;
use std::net::Shutdown;
use std::pin::{pin, Pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::thread;
use std::time::{Duration, Instant};

use coloop::adapters::{HyperExecutor, HyperIo, HyperTimer};
use coloop::io::{duplex, DuplexStream};
use coloop::net::{start_server, Server, TcpStream};
use coloop::{all_tasks, current_task, run, sleep, spawn, timeout, Event, Runner};
use common::{iterations, ByHand, Wakes};
use futures_util::future::{select, Either};
use futures_util::{AsyncReadExt, AsyncWriteExt};
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1::SendRequest;
use hyper::rt::Timer;
use hyper::service::service_fn;
use hyper::{client, server, Method, Request, Response, StatusCode};

const MS: Duration = Duration::from_millis(1);
const LONG: Duration = Duration::from_secs(20);

type Answer = Result<Response<Full<Bytes>>, hyper::Error>;

/// The service of the tests: greets, and sends bodies back.
async fn echo(request: Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    let body = match (head.method, head.uri.path()) {
        (Method::GET, path) => Bytes::from(format!("Hello {path}")),
        _ => body.collect().await?.to_bytes(),
    };
    Ok(Response::new(Full::new(body)))
}

async fn echo_server() -> Server {
    let serve = |stream, _| async {
        let connection = server::conn::http1::Builder::new()
            .serve_connection(HyperIo::new(stream), service_fn(echo));
        // How it ends is for the client to say.
        let _ = connection.await;
    };
    start_server("127.0.0.1:0", serve).await.unwrap()
}

async fn connect<B>(server: &Server) -> SendRequest<B>
where
    B: Body<Data = Bytes, Error = Infallible> + 'static,
{
    let stream = TcpStream::connect(server.local_addrs()[0]).await.unwrap();
    let (sender, connection) = client::conn::http1::handshake(HyperIo::new(stream))
        .await
        .unwrap();
    spawn(connection);
    sender
}

fn get(path: &str) -> Request<Full<Bytes>> {
    request("GET", path, Bytes::new())
}

fn request(method: &str, path: &str, body: impl Into<Bytes>) -> Request<Full<Bytes>> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost");
    request.body(Full::new(body.into())).unwrap()
}

async fn body(response: Response<Incoming>) -> Bytes {
    assert_eq!(response.status(), StatusCode::OK);
    response.into_body().collect().await.unwrap().to_bytes()
}

/// A run that fails instead of hanging.
fn run_in_time<T>(main: impl Future<Output = T>) -> T {
    run(async { timeout(LONG, main).await.expect("it should have ended") })
}

#[test]
fn a_get() {
    run_in_time(async {
        let server = echo_server().await;
        let mut client = connect(&server).await;
        let response = client.send_request(get("/there")).await.unwrap();
        assert_eq!(body(response).await, "Hello /there");
    });
}

/// Larger than what sockets hold, so that both ends have to wait, and than what is read at once.
#[test]
fn a_body_is_sent_back() {
    let large: Vec<u8> = (0..3_000_000_u32)
        .map(|n| n.to_le_bytes()[n as usize % 3])
        .collect();
    run_in_time(async {
        let server = echo_server().await;
        let mut client = connect(&server).await;
        let response = client
            .send_request(request("POST", "/", large.clone()))
            .await
            .unwrap();
        assert!(body(response).await == large);
    });
}

#[test]
fn a_body_is_written_from_where_it_is() {
    let large = vec![7; 1_000_000];
    run_in_time(async {
        let (near, far) = duplex(1 << 14);
        let serve = async {
            let mut builder = server::conn::http1::Builder::new();
            builder.writev(true);
            builder
                .serve_connection(HyperIo::new(far), service_fn(echo))
                .await
        };
        let serving = spawn(serve);
        let mut builder = client::conn::http1::Builder::new();
        builder.writev(true);
        let (mut client, connection) = builder.handshake(HyperIo::new(near)).await.unwrap();
        spawn(connection);
        let response = client
            .send_request(request("POST", "/", large.clone()))
            .await
            .unwrap();
        assert!(body(response).await == large);
        drop(client);
        serving.await.unwrap().unwrap();
    });
}

#[test]
fn a_connection_is_used_again() {
    run_in_time(async {
        let server = echo_server().await;
        let mut client = connect(&server).await;
        for n in 0..10 {
            client.ready().await.unwrap();
            let path = format!("/{n}");
            let response = client.send_request(get(&path)).await.unwrap();
            assert_eq!(body(response).await, format!("Hello {path}"));
        }
        assert_eq!(server.connections(), 1);
    });
}

#[test]
fn many_clients_at_once() {
    run_in_time(async {
        let server = echo_server().await;
        let clients = (0..50).map(|n| {
            let server = &server;
            async move {
                let mut client = connect(server).await;
                let text = format!("{n}").repeat(1000);
                let request = request("POST", "/", text.clone());
                let response = client.send_request(request).await.unwrap();
                assert_eq!(body(response).await, text);
            }
        });
        coloop::gather(clients).await;
    });
}

/// A server that speaks HTTP/1 over memory, and the client's end.
fn in_memory(
    configure: impl FnOnce(&mut server::conn::http1::Builder),
) -> (impl Future<Output = hyper::Result<()>>, DuplexStream) {
    let (near, far) = duplex(1024);
    let mut builder = server::conn::http1::Builder::new();
    builder.timer(HyperTimer::new());
    configure(&mut builder);
    (
        builder.serve_connection(HyperIo::new(far), service_fn(echo)),
        near,
    )
}

#[test]
fn a_head_that_does_not_come_times_out() {
    run_in_time(async {
        let (serving, mut client) = in_memory(|server| {
            server.header_read_timeout(5 * MS);
        });
        client
            .write_all(b"GET / HTTP/1.1\r\nHost: l")
            .await
            .unwrap();
        let started = Instant::now();
        assert!(serving.await.unwrap_err().is_timeout());
        assert!(started.elapsed() >= 5 * MS);
    });
}

/// On a clock that jumps: each request has the time for itself, and the timers of those that were in time are gone.
#[test]
fn each_head_has_its_time() {
    let started = Instant::now();
    Runner::builder().virtual_time(true).build().run(async {
        let begin = coloop::now();
        let (serving, mut client) = in_memory(|server| {
            server.header_read_timeout(Duration::from_secs(10));
        });
        let serving = spawn(serving);
        let mut answer = [0; 256];
        for _ in 0..5 {
            sleep(Duration::from_secs(8)).await;
            client
                .write_all(b"GET / HTTP/1.1\r\nHost: l\r\n\r\n")
                .await
                .unwrap();
            let n = client.read(&mut answer).await.unwrap();
            assert!(answer[..n].starts_with(b"HTTP/1.1 200 OK"));
        }
        let error = serving.await.unwrap().unwrap_err();
        assert!(error.is_timeout());
        assert_eq!(coloop::now() - begin, Duration::from_secs(50));
    });
    assert!(started.elapsed() < LONG);
}

/// A request is being served: it is answered, and then the connection ends although the client would go on.
#[test]
fn a_graceful_shutdown() {
    run_in_time(async {
        let (stop, arrived) = (Rc::new(Event::new()), Rc::new(Event::new()));
        let (is_to_stop, arrives) = (Rc::clone(&stop), Rc::clone(&arrived));
        let serve = move |stream: TcpStream, _| {
            let (stop, arrived) = (Rc::clone(&is_to_stop), Rc::clone(&arrives));
            async move {
                let slow = service_fn(move |request| {
                    arrived.set();
                    async {
                        sleep(5 * MS).await;
                        echo(request).await
                    }
                });
                let builder = server::conn::http1::Builder::new();
                let mut connection = pin!(builder.serve_connection(HyperIo::new(stream), slow));
                match select(connection.as_mut(), pin!(stop.wait())).await {
                    Either::Left((ended, _)) => ended.unwrap(),
                    Either::Right(((), _)) => {
                        connection.as_mut().graceful_shutdown();
                        connection.await.unwrap();
                    }
                }
            }
        };
        let server = start_server("127.0.0.1:0", serve).await.unwrap();
        let mut client = connect(&server).await;
        let response = spawn(client.send_request(get("/last")));
        arrived.wait().await;
        server.close();
        stop.set();
        let response = response.await.unwrap().unwrap();
        assert_eq!(body(response).await, "Hello /last");
        server.wait_closed().await;
        assert!(client.ready().await.unwrap_err().is_closed());
    });
}

#[test]
fn a_client_that_hangs_up() {
    run_in_time(async {
        let (serving, mut client) = in_memory(|_| {});
        client
            .write_all(b"POST / HTTP/1.1\r\nHost: l\r\nContent-Length: 10\r\n\r\nhalf")
            .await
            .unwrap();
        drop(client);
        let error = serving.await.unwrap_err();
        assert!(
            error.is_incomplete_message() || error.source().is_some(),
            "{error:?}"
        );
    });
}

/// Over a socket, so that it is a reset; and between requests it is no error.
#[test]
fn a_client_that_disconnects_leaves_nothing() {
    run_in_time(async {
        let server = echo_server().await;
        let mut client = connect(&server).await;
        client.send_request(get("/")).await.unwrap();
        let raw = TcpStream::connect(server.local_addrs()[0]).await.unwrap();
        raw.write_all(b"GET / HT").await.unwrap();
        raw.shutdown(Shutdown::Write).unwrap();
        drop((client, raw));
        server.close();
        server.wait_closed().await;
        iterations(5).await;
        assert_eq!(all_tasks(), [current_task().unwrap()]);
    });
}

/// hyper's own `with_upgrades` wants a stream that is `Send`; `without_shutdown` gives it back as it is.
#[test]
fn an_upgrade_gives_the_stream_back() {
    run_in_time(async {
        let (mut near, far) = duplex(1024);
        let service = service_fn(|_| async {
            let response = Response::builder().status(101).header("upgrade", "raw");
            response
                .header("connection", "upgrade")
                .body(Empty::<Bytes>::new())
        });
        spawn(async move {
            let builder = server::conn::http1::Builder::new();
            let connection = builder.serve_connection(HyperIo::new(far), service);
            let parts = connection.without_shutdown().await.unwrap();
            let mut stream = parts.io.into_inner();
            stream.write_all(&parts.read_buf).await.unwrap();
            stream.close().await.unwrap();
        });
        let head = b"GET / HTTP/1.1\r\nHost: l\r\nConnection: upgrade\r\nUpgrade: raw\r\n\r\nearly";
        near.write_all(head).await.unwrap();
        let mut answer = Vec::new();
        near.read_to_end(&mut answer).await.unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 101 "));
        assert!(answer.ends_with(b"\r\n\r\nearly"));
    });
}

/// A server of HTTP/2 whose service is not `Send`, and a client.
async fn http2() -> client::conn::http2::SendRequest<Full<Bytes>> {
    let (near, far) = duplex(1 << 14);
    spawn(async {
        let served = Rc::new(Cell::new(0));
        let service = service_fn(move |request| {
            let served = Rc::clone(&served);
            async move {
                served.set(served.get() + 1);
                sleep(MS).await;
                echo(request).await
            }
        });
        let mut builder = server::conn::http2::Builder::new(HyperExecutor::new());
        builder.timer(HyperTimer::new());
        builder.keep_alive_interval(LONG);
        builder.serve_connection(HyperIo::new(far), service).await
    });
    let builder = client::conn::http2::Builder::new(HyperExecutor::new());
    let (sender, connection) = builder.handshake(HyperIo::new(near)).await.unwrap();
    spawn(connection);
    sender
}

#[test]
fn http2_requests_share_a_connection() {
    run_in_time(async {
        let client = http2().await;
        let requests = (0..20).map(|n| {
            let mut client = client.clone();
            async move {
                let path = format!("/{n}");
                let response = client.send_request(get(&path)).await.unwrap();
                assert_eq!(body(response).await, format!("Hello {path}"));
            }
        });
        coloop::gather(requests).await;
    });
}

/// Larger than the windows of HTTP/2.
#[test]
fn http2_sends_a_body_back() {
    let large = vec![7; 1_000_000];
    run_in_time(async {
        let mut client = http2().await;
        let response = client
            .send_request(request("POST", "/", large.clone()))
            .await
            .unwrap();
        assert!(body(response).await == large);
    });
}

#[test]
fn http2_leaves_no_task_when_the_client_goes() {
    run_in_time(async {
        let mut client = http2().await;
        let request = client.send_request(get("/"));
        assert!(timeout(Duration::ZERO, request).await.is_err());
        drop(client);
        while all_tasks() != [current_task().unwrap()] {
            sleep(MS).await;
        }
    });
}

/// A peer that does not answer to pings, on a clock that jumps.
#[test]
fn http2_notices_a_dead_peer() {
    Runner::builder().virtual_time(true).build().run(async {
        let begin = coloop::now();
        let (mut silent, far) = duplex(1 << 14);
        silent
            .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
            .await
            .unwrap();
        let mut builder = server::conn::http2::Builder::new(HyperExecutor::new());
        builder.timer(HyperTimer::new());
        builder.keep_alive_interval(Duration::from_secs(30));
        builder.keep_alive_timeout(Duration::from_secs(10));
        let served = builder
            .serve_connection(HyperIo::new(far), service_fn(echo))
            .await;
        assert!(served.unwrap_err().is_timeout());
        assert_eq!(coloop::now() - begin, Duration::from_secs(40));
    });
}

#[test]
fn a_sleep_is_counted_from_the_call() {
    Runner::builder().virtual_time(true).build().run(async {
        let begin = coloop::now();
        let at_first = HyperTimer::new().sleep(Duration::from_secs(3));
        sleep(Duration::from_secs(2)).await;
        at_first.await;
        assert_eq!(coloop::now() - begin, Duration::from_secs(3));
        HyperTimer::new().sleep_until(begin).await;
        assert_eq!(HyperTimer::new().now(), coloop::now());
    });
}

#[test]
fn a_sleep_beyond_the_clock_never_ends() {
    run(async {
        let mut forever = ByHand::waiting(HyperTimer::new().sleep(Duration::MAX));
        sleep(MS).await;
        assert!(!forever.is_woken());
        assert!(forever.poll().is_none());
    });
}

#[test]
fn a_sleep_wakes_whom_it_saw_last() {
    run(async {
        let mut slept = pin!(HyperTimer::new().sleep(2 * MS));
        let mut first = ByHand::waiting(slept.as_mut());
        assert!(first.poll().is_none());
        drop(first);
        slept.await;
    });
}

#[test]
fn a_sleep_can_be_set_again() {
    run_in_time(async {
        let timer = HyperTimer::new();
        let mut slept = timer.sleep(LONG * 2);
        assert!(ByHand::new(&mut slept).poll().is_none());
        timer.reset(&mut slept, coloop::now() + MS);
        slept.await;
    });
}

/// A sleep that is in the loop, and what it would wake.
fn watched() -> (Pin<Box<dyn hyper::rt::Sleep>>, Arc<Wakes>) {
    let (mut slept, wakes) = (HyperTimer::new().sleep(LONG), Wakes::new());
    let waker = Waker::from(Arc::clone(&wakes));
    let polled = slept.as_mut().poll(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
    (slept, wakes)
}

fn armed() -> Pin<Box<dyn hyper::rt::Sleep>> {
    watched().0
}

#[test]
fn a_dropped_sleep_leaves_no_timer() {
    run(async {
        let (slept, wakes) = watched();
        drop(slept);
        assert_eq!(Arc::strong_count(&wakes), 1);
    });
}

#[test]
fn a_sleep_that_is_dropped_elsewhere_leaves_no_timer() {
    run(async {
        let (slept, wakes) = watched();
        thread::spawn(move || drop(slept)).join().unwrap();
        assert_eq!(Arc::strong_count(&wakes), 2);
        iterations(2).await;
        assert_eq!(Arc::strong_count(&wakes), 1);
    });
}

#[test]
fn a_sleep_may_outlive_its_loop() {
    let slept = run(async { Some(armed()) }).unwrap();
    drop(slept);
    let slept = run(async { Some(armed()) }).unwrap();
    run(async { drop(slept) });
    let slept = run(async { Some(armed()) }).unwrap();
    thread::spawn(move || drop(slept)).join().unwrap();
}

#[test]
#[should_panic(expected = "the loop that polled it first")]
fn a_sleep_stays_with_its_loop() {
    let slept = run(async { Some(armed()) }).unwrap();
    run(slept);
}

#[test]
#[should_panic(expected = "needs a running event loop")]
fn a_sleep_needs_a_loop() {
    ByHand::new(HyperTimer::new().sleep(MS)).poll();
}
