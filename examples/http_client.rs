//! Fetches by HTTP, with hyper, and by HTTPS, with rustls: `cargo run --example http_client -- https://example.org/`. The body goes to
//! the standard output.

use std::env;
use std::error::Error;
use std::sync::Arc;

use coloop::adapters::HyperIo;
use coloop::net::tls::rustls::{ClientConfig, RootCertStore};
use coloop::net::{tls, TcpStream};
use futures_util::{AsyncRead, AsyncWrite};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::HOST;
use hyper::{Request, Response, Uri};

/// A configuration that trusts whom browsers trust.
fn trusting() -> Arc<ClientConfig> {
    let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
    let config = ClientConfig::builder().with_root_certificates(RootCertStore::from_iter(roots));
    Arc::new(config.with_no_client_auth())
}

#[coloop::coroutine]
async fn fetch(url: Uri) -> Result<Response<Bytes>, Box<dyn Error>> {
    let authority = url.authority().ok_or("there is no host in it")?;
    let (host, port) = (authority.host(), authority.port_u16());
    match url.scheme_str() {
        Some("http") => {
            let stream = TcpStream::connect((host, port.unwrap_or(80))).await?;
            ask(stream, &url).await
        }
        Some("https") => {
            let stream = tls::connect(host, port.unwrap_or(443), trusting()).await?;
            ask(stream, &url).await
        }
        _ => Err("it begins with neither http:// nor https://".into()),
    }
}

#[coloop::coroutine]
async fn ask<S>(stream: S, url: &Uri) -> Result<Response<Bytes>, Box<dyn Error>>
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let (mut sender, connection) = http1::handshake(HyperIo::new(stream)).await?;
    coloop::spawn(connection);
    let path = url.path_and_query().map_or("/", |path| path.as_str());
    let host = url.authority().map_or("", |authority| authority.as_str());
    let request = Request::get(path).header(HOST, host);
    let response = sender.send_request(request.body(Empty::<Bytes>::new())?);
    let (head, body) = response.await?.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok(Response::from_parts(head, body))
}

#[coloop::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = env::args().nth(1).ok_or("usage: http_client URL")?;
    let response = fetch(url.parse()?).await?;
    eprintln!("{:?} {}", response.version(), response.status());
    print!("{}", String::from_utf8_lossy(response.body()));
    Ok(())
}
