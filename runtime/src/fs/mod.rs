//! Files and directories, by the threads of the loop.
//!
//! *Input*: paths, bytes. *Output*: futures. *Invariant*: the OS blocks whoever asks it for a file, so nothing but a thread does.
//!
//! The functions are those of [`std::fs`] under their own names. asyncio has none of its own and leaves them to `to_thread`; this is
//! that, and a [`File`] that can be read and written like a socket.
//!
//! # Cancellation
//!
//! Dropping a future of this module before a thread has begun with it does nothing; after that, it is done all the same.

mod directory;
mod file;
mod functions;

pub use directory::{read_dir, ReadDir};
pub use file::File;
pub use functions::{
    canonicalize, copy, create_dir, create_dir_all, metadata, read, read_to_string, remove_dir,
    remove_dir_all, remove_file, rename, set_permissions, symlink_metadata, try_exists, write,
};
