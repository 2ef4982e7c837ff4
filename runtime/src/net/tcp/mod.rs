//! TCP: listeners, streams, and the futures of their methods.

mod connect;
mod listener;
mod stream;

pub use connect::Connect;
pub use listener::{Accept, Bind, TcpListener};
pub use stream::TcpStream;
