//! A stream as hyper wants it.
//!
//! *Input*: a stream of `futures-io`. *Output*: the same with hyper's traits. *Invariant*: it buffers nothing, so the stream can
//! be taken back between any two polls.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{ready, Context, Poll};

use ::hyper::rt::{Read, ReadBufCursor, Write};
use futures_io::{AsyncRead, AsyncWrite};

/// What is read at once, at most. It goes through the stack: hyper's buffer may be uninitialized, which a stream of `futures-io`
/// must not be given.
const AT_ONCE: usize = 16 * 1024;

/// A stream for hyper: its `Read` and `Write` over `AsyncRead` and `AsyncWrite` of the `futures-io` crate.
///
/// The end of hyper's output is `close`, which ends the output of a socket, and sends the closing message of a TLS stream.
///
/// hyper joins the head and the body of a message before it writes. The option `writev(true)` of its HTTP/1 builders lets it hand
/// over both, which copies less and pays off for large bodies.
///
/// # Errors
///
/// Those of the stream.
///
/// # Cancellation
///
/// That of hyper: a dropped connection drops the stream.
///
/// # Examples
///
/// A request and its answer:
///
/// ```
/// use std::convert::Infallible;
///
/// use coloop::adapters::HyperIo;
/// use coloop::net::{start_server, TcpStream};
/// use http_body_util::{BodyExt, Empty, Full};
/// use hyper::body::Bytes;
/// use hyper::service::service_fn;
/// use hyper::{Request, Response};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// coloop::run(async {
///     let server = start_server("127.0.0.1:0", |stream, _peer| async move {
///         let service = service_fn(|_| async {
///             Ok::<_, Infallible>(Response::new(Full::<Bytes>::from("Hello")))
///         });
///         let connection = hyper::server::conn::http1::Builder::new()
///             .serve_connection(HyperIo::new(stream), service);
///         if let Err(error) = connection.await {
///             eprintln!("{error}");
///         }
///     })
///     .await?;
///
///     let stream = TcpStream::connect(server.local_addrs()[0]).await?;
///     let (mut sender, connection) =
///         hyper::client::conn::http1::handshake(HyperIo::new(stream)).await?;
///     coloop::spawn(connection);
///     let request = Request::get("/").header("host", "localhost").body(Empty::<Bytes>::new())?;
///     let response = sender.send_request(request).await?;
///     assert_eq!(response.into_body().collect().await?.to_bytes(), "Hello");
///     Ok(())
/// })
/// # }
/// ```
#[derive(Debug)]
pub struct HyperIo<T> {
    stream: T,
}

impl<T> HyperIo<T> {
    /// A stream for hyper.
    pub fn new(stream: T) -> Self {
        HyperIo { stream }
    }

    /// The stream.
    pub fn get_ref(&self) -> &T {
        &self.stream
    }

    /// The stream. What is read from it hyper does not see.
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.stream
    }

    /// The stream, for instance after an upgrade. Nothing is lost, but hyper may have read beyond what it has used, and says so
    /// in its `Parts`.
    pub fn into_inner(self) -> T {
        self.stream
    }
}

impl<T: AsyncRead + Unpin> Read for HyperIo<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut buffer = [0; AT_ONCE];
        let room = into.remaining().min(AT_ONCE);
        let n = ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer[..room]))?;
        into.put_slice(&buffer[..n]);
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> Write for HyperIo<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_close(cx)
    }
}
