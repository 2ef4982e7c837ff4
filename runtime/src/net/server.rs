//! A server: asyncio's `start_server`.
//!
//! *Input*: addresses, and what is done with a connection. *Output*: a task for each connection. *Invariant*: a connection that has
//! been accepted is given to the handler, whatever else fails.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::{pending, Future};
use std::io;
use std::net::{self, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use super::resolve::Resolve;
use super::{TcpListener, TcpStream, ToSocketAddrs};
use crate::sync::wait_list::{notified, WaitList};
use crate::task::{spawn, Task, TaskHandle};
use crate::time::sleep;

/// Before it is tried again to accept, when the OS has refused, for instance because there are no file descriptors left. What has
/// arrived waits meanwhile. (asyncio waits a second.)
const RETRY: Duration = Duration::from_millis(100);

/// Listens on all of `address`, and runs `handler` for each connection, in a task of its own. asyncio's `start_server`.
///
/// # Errors
///
/// Of the lookup of a host name, or of the OS for the first address that cannot be bound.
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
/// ```
/// use coloop::io::StreamReader;
/// use coloop::net::{start_server, TcpStream};
///
/// # fn main() -> std::io::Result<()> {
/// coloop::run(async {
///     let server = start_server("127.0.0.1:0", |stream, _peer| async move {
///         let line = StreamReader::new(&stream).read_line().await.unwrap();
///         stream.write_all(&line).await.unwrap();
///     })
///     .await?;
///
///     let client = TcpStream::connect(server.local_addrs()[0]).await?;
///     client.write_all(b"Hello\n").await?;
///     assert_eq!(StreamReader::new(&client).read_line().await.unwrap(), b"Hello\n");
///
///     server.close();
///     server.wait_closed().await;
///     Ok(())
/// })
/// # }
/// ```
pub async fn start_server<H, F>(address: impl ToSocketAddrs, handler: H) -> io::Result<Server>
where
    H: Fn(TcpStream, SocketAddr) -> F + 'static,
    F: Future<Output = ()> + 'static,
{
    let addresses = Resolve::new(address.addresses()).await?;
    let listeners = addresses.into_iter().map(net::TcpListener::bind);
    let listeners: Vec<net::TcpListener> = listeners.collect::<io::Result<_>>()?;
    let bound = listeners.iter().map(net::TcpListener::local_addr);
    let bound = bound.collect::<io::Result<Vec<_>>>()?;
    let (clients, handler) = (Rc::new(Clients::default()), Rc::new(handler));
    let mut accepting = Vec::new();
    for listener in listeners {
        let listener = TcpListener::try_from(listener)?;
        let (handler, clients) = (Rc::clone(&handler), Rc::clone(&clients));
        accepting.push(spawn(accept(listener, handler, clients)));
    }
    Ok(Server {
        bound,
        accepting: RefCell::new(accepting),
        clients,
    })
}

/// A server, from [`start_server`]. Dropping it closes it; connections go on.
pub struct Server {
    bound: Vec<SocketAddr>,
    accepting: RefCell<Vec<Task<()>>>,
    clients: Rc<Clients>,
}

/// The connections of a server.
#[derive(Default)]
struct Clients {
    tasks: RefCell<Vec<TaskHandle>>,
    count: Cell<usize>,
    all_gone: WaitList,
}

impl Server {
    /// The addresses that it listens, or listened, on.
    #[must_use]
    pub fn local_addrs(&self) -> &[SocketAddr] {
        &self.bound
    }

    /// Whether it accepts connections.
    #[must_use]
    pub fn is_serving(&self) -> bool {
        !self.accepting.borrow().is_empty()
    }

    /// The number of connections whose handlers have not ended.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.clients.count.get()
    }

    /// Stops to listen; connections go on. Does nothing if it is closed.
    ///
    /// What has arrived at the OS, and has not been accepted, is reset.
    pub fn close(&self) {
        for task in self.accepting.take() {
            task.cancel();
        }
        self.clients.all_gone.wake(usize::MAX);
    }

    /// Cancels the handlers of all connections, which closes these. With [`close`](Self::close), the end of a server that is not graceful.
    pub fn abort_clients(&self) {
        let tasks = self.clients.tasks.take();
        for task in tasks {
            task.cancel();
        }
    }

    /// Waits until the server is closed and the handlers of all connections have ended.
    ///
    /// # Cancellation
    ///
    /// Dropping the future changes nothing.
    pub async fn wait_closed(&self) {
        while self.is_serving() || self.connections() > 0 {
            notified(&self.clients.all_gone).await;
        }
    }

    /// Serves until the future is dropped, which closes the server. asyncio's `serve_forever`.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn serve() -> std::io::Result<()> {
    /// let server = coloop::net::start_server("127.0.0.1:8080", |_stream, peer| async move {
    ///     println!("{peer} is here");
    /// });
    /// server.await?.serve_forever().await
    /// # }
    /// ```
    pub async fn serve_forever(&self) -> ! {
        struct Close<'a>(&'a Server);
        impl Drop for Close<'_> {
            fn drop(&mut self) {
                self.0.close();
            }
        }
        let _close = Close(self);
        pending().await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("local_addrs", &self.bound)
            .field("is_serving", &self.is_serving())
            .field("connections", &self.connections())
            .finish()
    }
}

async fn accept<H, F>(listener: TcpListener, handler: Rc<H>, clients: Rc<Clients>)
where
    H: Fn(TcpStream, SocketAddr) -> F + 'static,
    F: Future<Output = ()> + 'static,
{
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => clients.start(handler(stream, peer)),
            Err(_) => sleep(RETRY).await,
        }
    }
}

impl Clients {
    fn start(self: &Rc<Self>, handler: impl Future<Output = ()> + 'static) {
        self.count.set(self.count.get() + 1);
        let leaves = Leaves(Rc::clone(self));
        let task = spawn(async move {
            let _leaves = leaves;
            handler.await;
        });
        let mut tasks = self.tasks.borrow_mut();
        if tasks.len() == tasks.capacity() {
            tasks.retain(|task| !task.is_finished());
        }
        tasks.push(task.handle());
    }
}

/// A connection's handler, until it has ended.
struct Leaves(Rc<Clients>);

impl Drop for Leaves {
    fn drop(&mut self) {
        self.0.count.set(self.0.count.get() - 1);
        self.0.all_gone.wake(usize::MAX);
    }
}
