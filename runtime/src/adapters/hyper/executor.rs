//! hyper's tasks.
//!
//! *Input*: futures, which need not be `Send`. *Output*: tasks of the loop that runs on this thread. *Invariant*: none of them is
//! awaited; they end by themselves or with the loop.

use std::future::Future;

use ::hyper::rt::Executor;

use crate::task::spawn;

/// Runs hyper's futures as tasks of the loop, for HTTP/2: [`spawn`](crate::spawn) as a `hyper::rt::Executor`.
///
/// The futures need not be `Send`, so neither need the services and bodies of an HTTP/2 connection.
///
/// # Panics
///
/// `execute` panics outside of a loop. A panic of a future ends its task.
///
/// # Cancellation
///
/// The tasks end with what they work for: hyper ends them when the connection is dropped. Those that are left are dropped with
/// the loop.
///
/// # Examples
///
/// HTTP/2 with a body that is not `Send`:
///
/// ```
/// use std::convert::Infallible;
/// use std::rc::Rc;
///
/// use coloop::adapters::{HyperExecutor, HyperIo};
/// use coloop::io::duplex;
/// use http_body_util::{BodyExt, Empty, Full};
/// use hyper::body::Bytes;
/// use hyper::service::service_fn;
/// use hyper::{Request, Response};
///
/// # fn main() -> hyper::Result<()> {
/// coloop::run(async {
///     let (near, far) = duplex(1 << 16);
///     coloop::spawn(async move {
///         let greeting = Rc::new("Hello");
///         let service = service_fn(move |_| {
///             let greeting = Rc::clone(&greeting);
///             async move { Ok::<_, Infallible>(Response::new(Full::<Bytes>::from(*greeting))) }
///         });
///         let server = hyper::server::conn::http2::Builder::new(HyperExecutor::new());
///         server.serve_connection(HyperIo::new(far), service).await
///     });
///
///     let client = hyper::client::conn::http2::Builder::new(HyperExecutor::new());
///     let (mut sender, connection) = client.handshake(HyperIo::new(near)).await?;
///     coloop::spawn(connection);
///     let request = Request::new(Empty::<Bytes>::new());
///     let response = sender.send_request(request).await?;
///     assert_eq!(response.into_body().collect().await?.to_bytes(), "Hello");
///     Ok(())
/// })
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct HyperExecutor(());

impl HyperExecutor {
    /// The executor of the loop that runs where it is used.
    #[must_use]
    pub fn new() -> Self {
        HyperExecutor::default()
    }
}

impl<F> Executor<F> for HyperExecutor
where
    F: Future + 'static,
    F::Output: 'static,
{
    fn execute(&self, future: F) {
        drop(spawn(future));
    }
}
