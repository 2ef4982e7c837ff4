//! Sockets as the OS knows them.
//!
//! *Input*: a socket type of this crate over one of the standard library. *Output*: the traits by which others use its descriptor.

/// Implements the traits for a type whose field `source` is a [`Source`](crate::driver::Source) of `$std`.
macro_rules! descriptor {
    ($socket:ident of $std:ty) => {
        #[cfg(unix)]
        $crate::net::descriptor::implemented! {
            $socket of $std:
            std::os::fd::{OwnedFd, AsFd::as_fd -> BorrowedFd, AsRawFd::as_raw_fd -> RawFd}
        }
        #[cfg(windows)]
        $crate::net::descriptor::implemented! {
            $socket of $std:
            std::os::windows::io::{
                OwnedSocket, AsSocket::as_socket -> BorrowedSocket, AsRawSocket::as_raw_socket -> RawSocket
            }
        }
    };
}

macro_rules! implemented {
    (
        $socket:ident of $std:ty:
        std::os::$($os:ident)::+::{
            $owned:ident,
            $borrow:ident::$as_borrowed:ident -> $borrowed:ident,
            $raw_trait:ident::$as_raw:ident -> $raw:ident
        }
    ) => {
        impl TryFrom<std::os::$($os)::+::$owned> for $socket {
            type Error = std::io::Error;

            fn try_from(socket: std::os::$($os)::+::$owned) -> std::io::Result<Self> {
                <$std>::from(socket).try_into()
            }
        }

        impl std::os::$($os)::+::$borrow for $socket {
            fn $as_borrowed(&self) -> std::os::$($os)::+::$borrowed<'_> {
                self.source.get_ref().$as_borrowed()
            }
        }

        impl std::os::$($os)::+::$raw_trait for $socket {
            fn $as_raw(&self) -> std::os::$($os)::+::$raw {
                self.source.get_ref().$as_raw()
            }
        }
    };
}

pub(super) use {descriptor, implemented};
