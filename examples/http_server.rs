//! An HTTP server, by hyper: `cargo run --example http_server -- 127.0.0.1:8080`. Without an address it takes a port that is free.
//! Ctrl-C ends it when the requests that have begun are answered.

use std::convert::Infallible;
use std::pin::pin;
use std::rc::Rc;
use std::{env, io};

use coloop::adapters::{HyperIo, HyperTimer};
use coloop::net::{start_server, TcpStream};
use coloop::signal::ctrl_c;
use coloop::Event;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};

#[coloop::coroutine]
async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, text) = match request.uri().path() {
        "/" => (StatusCode::OK, "Hello from coloop\n"),
        _ => (StatusCode::NOT_FOUND, "There is only /\n"),
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    Ok(response)
}

#[coloop::coroutine]
async fn serve(stream: TcpStream, closing: &Event) -> hyper::Result<()> {
    let mut builder = http1::Builder::new();
    builder.timer(HyperTimer::new());
    let mut connection = pin!(builder.serve_connection(HyperIo::new(stream), service_fn(answer)));
    coloop::select! {
        served = connection.as_mut() => return served,
        () = closing.wait() => connection.as_mut().graceful_shutdown(),
    }
    connection.await
}

#[coloop::main]
async fn main() -> io::Result<()> {
    let address = env::args().nth(1);
    let address = address.as_deref().unwrap_or("127.0.0.1:0");
    let closing = Rc::new(Event::new());
    let closes = Rc::clone(&closing);
    let server = start_server(address, move |stream, peer| {
        let closing = Rc::clone(&closes);
        async move {
            if let Err(error) = serve(stream, &closing).await {
                eprintln!("{peer}: {error}");
            }
        }
    })
    .await?;
    println!("http://{}/", server.local_addrs()[0]);

    ctrl_c().await?;
    server.close();
    closing.set();
    server.wait_closed().await;
    println!("closed");
    Ok(())
}
