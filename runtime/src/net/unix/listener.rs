//! The side that waits for connections.
//!
//! *Input*: a path. *Output*: connections. *Invariant*: the listener is nonblocking, and removes the file that it has made.

use std::fmt;
use std::io;
use std::os::unix::net::{self, SocketAddr};
use std::path::{Path, PathBuf};

use super::stream::UnixStream;
use crate::driver::{sys, Direction, Source};
use crate::net::descriptor::descriptor;

/// A Unix socket that accepts connections. The low level under asyncio's `start_unix_server`.
///
/// Dropping it closes the socket, refuses further connections, and removes its file if [`bind`](UnixListener::bind) has made it.
///
/// # Examples
///
/// ```
/// use coloop::net::{UnixListener, UnixStream};
///
/// # fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("coloop-listener-{}", std::process::id()));
/// coloop::run(async {
///     let listener = UnixListener::bind(&path)?;
///     let (server, client) = coloop::gather!(listener.accept(), UnixStream::connect(&path)).await;
///     let (server, client) = (server?, client?);
///     client.write_all(b"Hello").await?;
///     assert_eq!(server.read(&mut [0; 64]).await?, 5);
///     Ok(())
/// })
/// # }
/// ```
pub struct UnixListener {
    source: Source<net::UnixListener>,
    /// What is removed in the end.
    file: Option<PathBuf>,
}

impl UnixListener {
    /// Listens at `path`.
    ///
    /// # Errors
    ///
    /// Of the OS: `AddrInUse` if there is such a file already; it is left alone, other than by asyncio, which removes it if it is a
    /// socket.
    pub fn bind(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let mut listener = Self::try_from(net::UnixListener::bind(path)?)?;
        listener.file = Some(path.to_path_buf());
        Ok(listener)
    }

    /// Waits for a connection.
    ///
    /// # Errors
    ///
    /// Of the OS, for instance if there are no file descriptors left; the listener remains usable.
    ///
    /// # Fairness
    ///
    /// Several tasks may wait; they are woken in the order of their first polls.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses no connection.
    pub async fn accept(&self) -> io::Result<UnixStream> {
        let accept = sys::accept_unix;
        let socket = self.source.attempts(Direction::Read, accept).await?;
        Ok(UnixStream::from_nonblocking(socket))
    }

    /// The address it listens on.
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.source.get_ref().local_addr()
    }
}

impl Drop for UnixListener {
    fn drop(&mut self) {
        if let Some(path) = &self.file {
            // Somebody else may have removed it.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// A listener of the standard library, which becomes nonblocking. Its file stays.
impl TryFrom<net::UnixListener> for UnixListener {
    type Error = io::Error;

    fn try_from(listener: net::UnixListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Ok(UnixListener {
            source: Source::new(listener),
            file: None,
        })
    }
}

descriptor!(UnixListener of net::UnixListener);

impl fmt::Debug for UnixListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.get_ref().fmt(f)
    }
}
