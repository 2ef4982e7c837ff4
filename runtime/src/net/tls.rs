//! TLS over TCP, by rustls: asyncio's `ssl=…`.
//!
//! *Input*: addresses, names, rustls' configurations. *Output*: streams that encrypt, which implement `AsyncRead` and `AsyncWrite` of
//! the `futures-io` crate. *Invariant*: a stream that is handed out has finished its handshake.
//!
//! The types are those of `futures-rustls`, which is re-exported as far as it is needed; [`TlsConnector`] and [`TlsAcceptor`] work over
//! every stream of coloop. [`connect`] and [`start_server`] are the shortest way to the usual.
//!
//! # The end of a stream
//!
//! `close` of `AsyncWrite` sends the closing message and ends the output. Without it, also if the stream is dropped, the other end
//! reads [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) instead of an end: it cannot know that nobody has cut the connection.
//!
//! # Cancellation
//!
//! A handshake whose future is dropped is given up, and the connection is closed. Reads and writes are polled through the stream, so
//! none of them is lost: what was written and not sent is sent by the next `write`, `flush` or `close`.
//!
//! # Examples
//!
//! A line that is sent back. The certificate is made for the purpose, and the client trusts no other:
//!
//! ```
//! use std::sync::Arc;
//!
//! use coloop::net::tls::rustls::{ClientConfig, RootCertStore, ServerConfig};
//! use coloop::net::tls::{self, rustls::pki_types::PrivateKeyDer};
//! use futures_util::{AsyncReadExt, AsyncWriteExt};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
//! let (certificate, key) = (made.cert.der().clone(), made.key_pair.serialize_der());
//! let key = PrivateKeyDer::try_from(key)?;
//! let ours = ServerConfig::builder().with_no_client_auth();
//! let ours = ours.with_single_cert(vec![certificate.clone()], key)?;
//!
//! let mut trusted = RootCertStore::empty();
//! trusted.add(certificate)?;
//! let theirs = ClientConfig::builder().with_root_certificates(trusted);
//! let theirs = theirs.with_no_client_auth();
//!
//! coloop::run(async {
//!     let server = tls::start_server("127.0.0.1:0", Arc::new(ours), |mut stream, _peer| async move {
//!         let mut line = [0; 6];
//!         stream.read_exact(&mut line).await.unwrap();
//!         stream.write_all(&line).await.unwrap();
//!         stream.close().await.unwrap();
//!     })
//!     .await?;
//!
//!     let port = server.local_addrs()[0].port();
//!     let mut client = tls::connect("localhost", port, Arc::new(theirs)).await?;
//!     client.write_all(b"Hello\n").await?;
//!     client.flush().await?;
//!     let mut answer = String::new();
//!     client.read_to_string(&mut answer).await?;
//!     assert_eq!(answer, "Hello\n");
//!     Ok(())
//! })
//! # }
//! ```

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

pub use futures_rustls::{client, rustls, server, TlsAcceptor, TlsConnector, TlsStream};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ServerConfig};

use super::{Server, TcpStream, ToSocketAddrs};
use crate::time::timeout;

/// What a handshake may take; asyncio's `ssl_handshake_timeout`.
const HANDSHAKE: Duration = Duration::from_secs(60);

/// Connects to `host`, and makes sure that it is `host` who answers. asyncio's `open_connection(host, port, ssl=…)`.
///
/// `host` is a name or an IP address, and what the certificate must be for. Where these are not the same, or where the stream is
/// not a TCP connection, use [`TlsConnector::connect`].
///
/// # Errors
///
/// - `InvalidInput`: `host` cannot be in a certificate; nothing has been connected.
/// - Those of [`TcpStream::connect`].
/// - `InvalidData`: the other end does not speak TLS, or its certificate is refused; the error inside is a `rustls::Error`.
/// - `UnexpectedEof`: the other end has hung up, or wants none of it.
/// - `TimedOut`: the handshake has taken a minute.
///
/// A client certificate that the server refuses is an error of the first read, as the handshake of TLS 1.3 has ended by then.
///
/// # Cancellation
///
/// Dropping the future gives up the attempt and closes its socket.
///
/// # Examples
///
/// ```no_run
/// use std::sync::Arc;
///
/// use coloop::net::tls;
/// use futures_util::AsyncWriteExt;
///
/// # async fn fetch(config: Arc<tls::rustls::ClientConfig>) -> std::io::Result<()> {
/// let mut stream = tls::connect("example.org", 443, config).await?;
/// stream.write_all(b"GET / HTTP/1.0\r\nHost: example.org\r\n\r\n").await?;
/// stream.flush().await
/// # }
/// ```
#[doc(alias = "open_connection")]
pub async fn connect(
    host: &str,
    port: u16,
    config: Arc<ClientConfig>,
) -> io::Result<client::TlsStream<TcpStream>> {
    let name = ServerName::try_from(host).map_err(invalid)?.to_owned();
    let stream = TcpStream::connect((host, port)).await?;
    in_time(TlsConnector::from(config).connect(name, stream)).await
}

/// Listens on all of `address`, and runs `handler` for each connection whose handshake has succeeded, in a task of its own. asyncio's
/// `start_server(…, ssl=…)`.
///
/// The handshake is done in the connection's task, so a slow client keeps nobody waiting. A client that fails it, or takes more than a
/// minute, is hung up on, and `handler` hears nothing of it. A server that wants to know uses [`TlsAcceptor::accept`] in the handler
/// of [`net::start_server`](super::start_server).
///
/// # Errors
///
/// Those of [`net::start_server`](super::start_server).
///
/// # Panics
///
/// Outside of a loop. A panic of a handler ends its task.
///
/// # Cancellation
///
/// Dropping the future binds nothing.
///
/// # Examples
///
/// See [the module](self).
pub async fn start_server<H, F>(
    address: impl ToSocketAddrs,
    config: Arc<ServerConfig>,
    handler: H,
) -> io::Result<Server>
where
    H: Fn(server::TlsStream<TcpStream>, SocketAddr) -> F + 'static,
    F: Future<Output = ()> + 'static,
{
    let (acceptor, handler) = (TlsAcceptor::from(config), Rc::new(handler));
    let after_handshake = move |stream, peer| {
        let (handshake, handler) = (acceptor.accept(stream), Rc::clone(&handler));
        async move {
            if let Ok(stream) = in_time(handshake).await {
                handler(stream, peer).await;
            }
        }
    };
    super::start_server(address, after_handshake).await
}

async fn in_time<T>(handshake: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(HANDSHAKE, handshake).await?
}

fn invalid(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, error)
}

#[cfg(test)]
mod tests {
    use futures_rustls::rustls::RootCertStore;
    use futures_util::AsyncReadExt;

    use super::*;
    use crate::io::duplex;
    use crate::run::Runner;
    use crate::time::now;

    /// On a clock that jumps: handshakes with somebody who reads and says nothing.
    fn in_vain<T>(handshake: impl Future<Output = io::Result<T>>) {
        let began = now();
        Runner::builder().virtual_time(true).build().run(async {
            let began = now();
            let error = in_time(handshake).await.err().map(|error| error.kind());
            assert_eq!(error, Some(io::ErrorKind::TimedOut));
            assert_eq!(now() - began, HANDSHAKE);
        });
        assert!(began.elapsed() < HANDSHAKE);
    }

    #[test]
    fn a_server_that_says_nothing() {
        let config = ClientConfig::builder().with_root_certificates(RootCertStore::empty());
        let connector = TlsConnector::from(Arc::new(config.with_no_client_auth()));
        in_vain(async {
            let (near, mut far) = duplex(64);
            crate::spawn(async move { far.read_to_end(&mut Vec::new()).await });
            let name = ServerName::try_from("localhost").map_err(invalid)?;
            connector.connect(name, near).await
        });
    }

    #[test]
    fn a_client_that_says_nothing() {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = made.key_pair.serialize_der().try_into().unwrap();
        let config = ServerConfig::builder().with_no_client_auth();
        let config = config.with_single_cert(vec![made.cert.into()], key);
        let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
        in_vain(async {
            let (near, _far) = duplex(64);
            acceptor.accept(near).await
        });
    }
}
