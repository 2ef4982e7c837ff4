//! TLS over the loop's sockets: bytes, refusals, ends, and peers that behave badly. Cases of CPython's `test_streams` under their own
//! names.

use std::cell::Cell;
use std::future::Future;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use coloop::io::{duplex, StreamReader};
use coloop::net::tls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use coloop::net::tls::rustls::server::WebPkiClientVerifier;
use coloop::net::tls::rustls::{self, version, ClientConfig, RootCertStore, ServerConfig};
use coloop::net::tls::{self, server, TlsAcceptor, TlsConnector};
use coloop::net::{start_server, Server, TcpStream, UnixStream};
use coloop::{gather, run, spawn, timeout};
use futures_util::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const LONG: Duration = Duration::from_secs(20);

/// A certificate that nobody but the tests trusts.
struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    fn of(names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        Identity {
            certificate: made.cert.der().clone(),
            key: PrivateKeyDer::try_from(made.key_pair.serialize_der()).unwrap(),
        }
    }

    fn trusted(&self) -> Arc<RootCertStore> {
        let mut trusted = RootCertStore::empty();
        trusted.add(self.certificate.clone()).unwrap();
        Arc::new(trusted)
    }

    fn server(&self) -> Arc<ServerConfig> {
        let config = ServerConfig::builder().with_no_client_auth();
        let chain = vec![self.certificate.clone()];
        let config = config.with_single_cert(chain, self.key.clone_key());
        Arc::new(config.unwrap())
    }

    /// Of a client that trusts this certificate.
    fn client(&self) -> Arc<ClientConfig> {
        let config = ClientConfig::builder().with_root_certificates(self.trusted());
        Arc::new(config.with_no_client_auth())
    }
}

fn localhost() -> Identity {
    Identity::of(&["localhost", "127.0.0.1"])
}

/// A run that fails instead of hanging.
fn run_in_time<T>(main: impl Future<Output = T>) -> T {
    run(async { timeout(LONG, main).await.expect("it should have ended") })
}

/// Sends everything back until the client ends its output.
async fn echo(stream: server::TlsStream<TcpStream>, _peer: SocketAddr) {
    let (read, mut write) = stream.split();
    if futures_util::io::copy(read, &mut write).await.is_ok() {
        write.close().await.unwrap();
    }
}

async fn echo_server(identity: &Identity) -> Server {
    let config = identity.server();
    tls::start_server("127.0.0.1:0", config, echo)
        .await
        .unwrap()
}

fn port(server: &Server) -> u16 {
    server.local_addrs()[0].port()
}

async fn connect(
    server: &Server,
    config: Arc<ClientConfig>,
) -> io::Result<tls::client::TlsStream<TcpStream>> {
    tls::connect("127.0.0.1", port(server), config).await
}

fn tls_error(error: &io::Error) -> &rustls::Error {
    let inner = error.get_ref().expect("an error inside");
    inner.downcast_ref().expect("one of rustls")
}

/// Larger than what sockets and sessions hold, in both directions at once.
#[test]
fn bytes_are_sent_back() {
    let large: Vec<u8> = (0..3_000_000_u32)
        .map(|n| n.to_le_bytes()[n as usize % 3])
        .collect();
    run_in_time(async {
        let identity = localhost();
        let server = echo_server(&identity).await;
        let client = connect(&server, identity.client()).await.unwrap();
        let (mut read, mut write) = client.split();
        let send = async {
            write.write_all(&large).await.unwrap();
            write.close().await.unwrap();
        };
        let mut back = Vec::new();
        let ((), read) = coloop::join!(send, read.read_to_end(&mut back));
        assert_eq!(read.unwrap(), large.len());
        assert!(back == large);
    });
}

#[test]
fn many_clients_at_once() {
    run_in_time(async {
        let identity = localhost();
        let (server, config) = (echo_server(&identity).await, identity.client());
        let clients = (0..30).map(|n| {
            let (server, config) = (&server, Arc::clone(&config));
            async move {
                let mut client = connect(server, config).await.unwrap();
                let text = format!("client {n}");
                client.write_all(text.as_bytes()).await.unwrap();
                client.flush().await.unwrap();
                let mut back = vec![0; text.len()];
                client.read_exact(&mut back).await.unwrap();
                assert_eq!(back, text.as_bytes());
            }
        });
        gather(clients).await;
    });
}

#[test]
fn both_versions() {
    run_in_time(async {
        let identity = localhost();
        let server = echo_server(&identity).await;
        for only in [&version::TLS12, &version::TLS13] {
            let config = ClientConfig::builder_with_protocol_versions(&[only])
                .with_root_certificates(identity.trusted())
                .with_no_client_auth();
            let mut client = connect(&server, Arc::new(config)).await.unwrap();
            client.write_all(b"x").await.unwrap();
            client.close().await.unwrap();
            let mut back = Vec::new();
            client.read_to_end(&mut back).await.unwrap();
            assert_eq!(back, b"x");
            assert_eq!(client.get_ref().1.protocol_version(), Some(only.version));
        }
    });
}

#[test]
fn lines_of_an_encrypted_stream() {
    run_in_time(async {
        let identity = localhost();
        let server = echo_server(&identity).await;
        let mut client = connect(&server, identity.client()).await.unwrap();
        client.write_all(b"one\ntwo\nrest").await.unwrap();
        client.close().await.unwrap();
        let mut reader = StreamReader::new(client);
        assert_eq!(reader.read_line().await.unwrap(), b"one\n");
        assert_eq!(reader.read_line().await.unwrap(), b"two\n");
        assert_eq!(reader.read_line().await.unwrap(), b"rest");
    });
}

/// Answers a request as CPython's test server does.
async fn answer<S: AsyncRead + AsyncWrite + Unpin>(stream: S) {
    let mut reader = StreamReader::new(stream);
    assert_eq!(reader.read_line().await.unwrap(), b"GET / HTTP/1.0\r\n");
    assert_eq!(reader.read_line().await.unwrap(), b"\r\n");
    let mut stream = reader.into_inner();
    let answer = b"HTTP/1.0 200 OK\r\n\r\nTest message";
    stream.write_all(answer).await.unwrap();
    stream.close().await.unwrap();
}

/// What CPython's cases of `open_connection` do on each kind of connection.
async fn fetch<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S) {
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    stream.flush().await.unwrap();
    let mut reader = StreamReader::new(stream);
    assert_eq!(reader.read_line().await.unwrap(), b"HTTP/1.0 200 OK\r\n");
    let rest = reader.read_to_end().await.unwrap();
    assert!(rest.ends_with(b"\r\nTest message"));
}

#[test]
fn test_open_connection_no_loop_ssl() {
    run_in_time(async {
        let identity = localhost();
        let serve = |stream, _| answer(stream);
        let server = tls::start_server("127.0.0.1:0", identity.server(), serve);
        let server = server.await.unwrap();
        fetch(connect(&server, identity.client()).await.unwrap()).await;
    });
}

#[test]
fn test_open_unix_connection_no_loop_ssl() {
    run_in_time(async {
        let identity = localhost();
        let (near, far) = UnixStream::pair().unwrap();
        let accepted = TlsAcceptor::from(identity.server()).accept(far);
        let serving = spawn(async { answer(accepted.await.unwrap()).await });
        let name = ServerName::try_from("localhost").unwrap();
        let connector = TlsConnector::from(identity.client());
        fetch(connector.connect(name, near).await.unwrap()).await;
        serving.await.unwrap();
    });
}

#[test]
fn test_start_tls() {
    run_in_time(async {
        let identity = localhost();
        let acceptor = TlsAcceptor::from(identity.server());
        let serve = move |mut stream: TcpStream, _| {
            let acceptor = acceptor.clone();
            async move {
                let line = StreamReader::new(&mut stream).read_line().await.unwrap();
                AsyncWriteExt::write_all(&mut stream, &line).await.unwrap();
                let stream = acceptor.accept(stream).await.unwrap();
                let mut reader = StreamReader::new(stream);
                let line = reader.read_line().await.unwrap();
                let mut stream = reader.into_inner();
                stream.write_all(&line).await.unwrap();
                stream.close().await.unwrap();
            }
        };
        let server = start_server("127.0.0.1:0", serve).await.unwrap();

        let mut stream = TcpStream::connect(server.local_addrs()[0]).await.unwrap();
        stream.write_all(b"hello 1!\n").await.unwrap();
        let back = StreamReader::new(&mut stream).read_line().await.unwrap();
        assert_eq!(back, b"hello 1!\n");
        let name = ServerName::try_from("localhost").unwrap();
        let connector = TlsConnector::from(identity.client());
        let mut stream = connector.connect(name, stream).await.unwrap();
        stream.write_all(b"hello 2!\n").await.unwrap();
        stream.flush().await.unwrap();
        let back = StreamReader::new(&mut stream).read_line().await.unwrap();
        assert_eq!(back, b"hello 2!\n");
    });
}

/// What is a plain connection first, over any stream.
#[test]
fn a_stream_is_encrypted_from_some_point_on() {
    run_in_time(async {
        let identity = localhost();
        let (mut near, mut far) = duplex(100);
        let acceptor = TlsAcceptor::from(identity.server());
        let serving = spawn(async move {
            let mut ask = [0; 8];
            far.read_exact(&mut ask).await.unwrap();
            assert_eq!(&ask, b"STARTTLS");
            far.write_all(b"y").await.unwrap();
            let mut far = acceptor.accept(far).await.unwrap();
            far.write_all(b"secret").await.unwrap();
            far.close().await.unwrap();
        });
        near.write_all(b"STARTTLS").await.unwrap();
        let mut yes = [0; 1];
        near.read_exact(&mut yes).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let connector = TlsConnector::from(identity.client());
        let mut near = connector.connect(name, near).await.unwrap();
        let mut text = String::new();
        near.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "secret");
        serving.await.unwrap();
    });
}

#[test]
fn protocols_are_agreed_on() {
    run_in_time(async {
        let identity = localhost();
        let (mut ours, mut theirs) = (identity.server(), identity.client());
        Arc::make_mut(&mut ours).alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Arc::make_mut(&mut theirs).alpn_protocols = vec![b"http/1.1".to_vec()];
        let server = tls::start_server("127.0.0.1:0", ours, echo).await.unwrap();
        let client = connect(&server, theirs).await.unwrap();
        let agreed = client.get_ref().1.alpn_protocol();
        assert_eq!(agreed, Some(&b"http/1.1"[..]));
    });
}

#[test]
fn a_client_shows_its_certificate() {
    run_in_time(async {
        let (identity, visitor) = (localhost(), Identity::of(&["visitor"]));
        let verifier = WebPkiClientVerifier::builder(visitor.trusted()).build();
        let config = ServerConfig::builder().with_client_cert_verifier(verifier.unwrap());
        let chain = vec![identity.certificate.clone()];
        let config = config.with_single_cert(chain, identity.key.clone_key());
        let shown = Rc::new(Cell::new(None));
        let seen = Rc::clone(&shown);
        let look = move |mut stream: server::TlsStream<TcpStream>, _| {
            let certificates = stream.get_ref().1.peer_certificates();
            seen.set(certificates.map(|chain| chain[0].clone().into_owned()));
            async move { stream.close().await.unwrap() }
        };
        let server = tls::start_server("127.0.0.1:0", Arc::new(config.unwrap()), look);
        let server = server.await.unwrap();

        let config = ClientConfig::builder().with_root_certificates(identity.trusted());
        let chain = vec![visitor.certificate.clone()];
        let config = config.with_client_auth_cert(chain, visitor.key.clone_key());
        let mut client = connect(&server, Arc::new(config.unwrap())).await.unwrap();
        assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
        assert_eq!(shown.take(), Some(visitor.certificate));

        let mut nobody = connect(&server, identity.client()).await.unwrap();
        let error = nobody.read(&mut [0]).await.unwrap_err();
        let is_refused = matches!(tls_error(&error), rustls::Error::AlertReceived(_));
        assert!(is_refused, "{error:?}");
        assert_eq!(shown.take(), None);
    });
}

/// A server that counts whom its handler was called for.
async fn counting(identity: &Identity) -> (Server, Rc<Cell<usize>>) {
    let served = Rc::new(Cell::new(0));
    let count = Rc::clone(&served);
    let handler = move |stream, peer| {
        count.set(count.get() + 1);
        echo(stream, peer)
    };
    let server = tls::start_server("127.0.0.1:0", identity.server(), handler);
    (server.await.unwrap(), served)
}

/// Whether somebody who does it right is served.
async fn still_serves(server: &Server, identity: &Identity) -> bool {
    let mut client = connect(server, identity.client()).await.unwrap();
    client.write_all(b"x").await.unwrap();
    client.flush().await.unwrap();
    client.read_exact(&mut [0]).await.is_ok()
}

#[test]
fn a_certificate_that_nobody_trusts() {
    run_in_time(async {
        let identity = localhost();
        let (server, served) = counting(&identity).await;
        let error = connect(&server, localhost().client()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        let is_refused = matches!(tls_error(&error), rustls::Error::InvalidCertificate(_));
        assert!(is_refused, "{error:?}");
        assert!(still_serves(&server, &identity).await);
        assert_eq!(served.get(), 1);
    });
}

#[test]
fn a_certificate_of_somebody_else() {
    run_in_time(async {
        let identity = Identity::of(&["somebody.else"]);
        let server = echo_server(&identity).await;
        let error = connect(&server, identity.client()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        assert!(error.to_string().contains("somebody.else"), "{error}");
    });
}

#[test]
fn a_name_that_cannot_be_in_a_certificate() {
    run_in_time(async {
        let server = start_server("127.0.0.1:0", |_, _| async { unreachable!() });
        let server = server.await.unwrap();
        let config = localhost().client();
        let refused = tls::connect("not a name", port(&server), config).await;
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(server.connections(), 0);
    });
}

#[test]
fn nobody_listens() {
    run_in_time(async {
        let free = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let refused = tls::connect("127.0.0.1", port, localhost().client()).await;
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    });
}

#[test]
fn a_client_that_speaks_plain_text() {
    run_in_time(async {
        let identity = localhost();
        let (server, served) = counting(&identity).await;
        let mut client = TcpStream::connect(server.local_addrs()[0]).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
        // An alert, if anything, and the end.
        let mut answer = Vec::new();
        let _ = client.read_to_end(&mut answer).await;
        assert!(answer.is_empty() || answer[0] == 0x15, "{answer:?}");
        assert!(still_serves(&server, &identity).await);
        assert_eq!(served.get(), 1);
    });
}

#[test]
fn a_server_that_speaks_plain_text() {
    run_in_time(async {
        let server = start_server("127.0.0.1:0", |mut stream, _| async move {
            let _ = stream.write_all(b"220 hello, who is there?\r\n").await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
        });
        let server = server.await.unwrap();
        let error = connect(&server, localhost().client()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        let kind = tls_error(&error);
        assert!(
            matches!(kind, rustls::Error::InvalidMessage(_)),
            "{error:?}"
        );
    });
}

#[test]
fn a_server_that_hangs_up() {
    run_in_time(async {
        let server = start_server("127.0.0.1:0", |mut stream, _| async move {
            let _ = stream.read_exact(&mut [0; 5]).await;
        });
        let server = server.await.unwrap();
        let error = connect(&server, localhost().client()).await.unwrap_err();
        let kinds = [ErrorKind::UnexpectedEof, ErrorKind::ConnectionReset];
        assert!(kinds.contains(&error.kind()), "{error:?}");
    });
}

/// Without the closing message nobody knows whether something is missing.
#[test]
fn an_end_that_was_not_said_is_an_error() {
    run_in_time(async {
        let identity = localhost();
        let cut = |mut stream: server::TlsStream<TcpStream>, _| async move {
            stream.write_all(b"half of").await.unwrap();
            stream.flush().await.unwrap();
        };
        let server = tls::start_server("127.0.0.1:0", identity.server(), cut);
        let server = server.await.unwrap();
        let mut client = connect(&server, identity.client()).await.unwrap();
        let mut text = Vec::new();
        let error = client.read_to_end(&mut text).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
        assert_eq!(text, b"half of");
    });
}

#[test]
fn a_handshake_that_is_given_up_closes_the_connection() {
    run_in_time(async {
        let (ended, end) = (Rc::new(coloop::Event::new()), Duration::from_millis(5));
        let told = Rc::clone(&ended);
        let handler = move |mut stream: TcpStream, _| {
            let told = Rc::clone(&told);
            async move {
                let _ = stream.read_to_end(&mut Vec::new()).await;
                told.set();
            }
        };
        let server = start_server("127.0.0.1:0", handler).await.unwrap();
        let handshake = connect(&server, localhost().client());
        assert!(timeout(end, handshake).await.is_err());
        ended.wait().await;
    });
}
