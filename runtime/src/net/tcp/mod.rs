//! TCP: listeners, streams, and the futures of their methods.

mod connect;
mod listener;
mod split;
mod stream;
mod transfer;

pub use connect::Connect;
pub use listener::{Accept, Bind, TcpListener};
pub use split::{ReadHalf, WriteHalf};
pub use stream::TcpStream;
pub use transfer::{Read, Write, WriteAll};
