//! What every type has that bytes are read from or written to: the methods, and the traits of `futures-io`.
//!
//! *Input*: a type with a field `source` that is [`Bytes`](super::object::Bytes); what closes it.

/// The methods and the trait of what is read.
macro_rules! reads {
    ($stream:ty, $name:literal, $path:literal) => {
        impl $stream {
            /// Reads what is there into `buffer`, waiting until there is something; gives the number of bytes, 0 at the end of
            /// the input or if `buffer` is empty.
            ///
            /// # Errors
            ///
            /// Of the OS, for instance `ConnectionReset`.
            ///
            /// # Cancellation
            ///
            /// Dropping the future loses no bytes.
            ///
            /// # Examples
            ///
            #[doc = concat!("See [`", $name, "`](", $path, ").")]
            pub fn read<'a>(&'a self, buffer: &'a mut [u8]) -> $crate::io::Read<'a> {
                $crate::io::Read::new(&self.source, buffer)
            }
        }

        impl futures_io::AsyncRead for &$stream {
            fn poll_read(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
                buffer: &mut [u8],
            ) -> std::task::Poll<std::io::Result<usize>> {
                $crate::io::object::Bytes::poll_read(&self.source, cx, buffer)
            }

            fn poll_read_vectored(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
                buffers: &mut [std::io::IoSliceMut<'_>],
            ) -> std::task::Poll<std::io::Result<usize>> {
                $crate::io::object::Bytes::poll_read_vectored(&self.source, cx, buffers)
            }
        }

        impl futures_io::AsyncRead for $stream {
            fn poll_read(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
                buffer: &mut [u8],
            ) -> std::task::Poll<std::io::Result<usize>> {
                std::pin::Pin::new(&mut &*self).poll_read(cx, buffer)
            }

            fn poll_read_vectored(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
                buffers: &mut [std::io::IoSliceMut<'_>],
            ) -> std::task::Poll<std::io::Result<usize>> {
                std::pin::Pin::new(&mut &*self).poll_read_vectored(cx, buffers)
            }
        }
    };
}

/// The methods and the trait of what is written to. `close` says how the output ends.
macro_rules! writes {
    ($stream:ty, $name:literal, $path:literal, $close:expr) => {
        impl $stream {
            /// Writes a part of `bytes`, waiting until there is room for some; gives the number of bytes written.
            ///
            /// # Errors
            ///
            /// Of the OS, for instance `BrokenPipe`.
            ///
            /// # Cancellation
            ///
            /// If the future is dropped before it is ready, nothing has been written.
            ///
            /// # Examples
            ///
            #[doc = concat!("See [`", $name, "`](", $path, ").")]
            pub fn write<'a>(&'a self, bytes: &'a [u8]) -> $crate::io::Write<'a> {
                $crate::io::Write::new(&self.source, bytes)
            }

            /// Writes all of `bytes`.
            ///
            /// Two tasks that do so at the same time mix their bytes; a [`Lock`](crate::Lock) keeps them apart.
            ///
            /// # Errors
            ///
            /// Of the OS, for instance `BrokenPipe`.
            ///
            /// # Cancellation
            ///
            /// If the future is dropped before it is ready, any part of `bytes` may have been written.
            ///
            /// # Examples
            ///
            #[doc = concat!("See [`", $name, "`](", $path, ").")]
            pub fn write_all<'a>(&'a self, bytes: &'a [u8]) -> $crate::io::WriteAll<'a> {
                $crate::io::WriteAll::new(&self.source, bytes)
            }
        }

        impl futures_io::AsyncWrite for &$stream {
            fn poll_write(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
                bytes: &[u8],
            ) -> std::task::Poll<std::io::Result<usize>> {
                $crate::io::object::Bytes::poll_write(&self.source, cx, bytes)
            }

            fn poll_write_vectored(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
                slices: &[std::io::IoSlice<'_>],
            ) -> std::task::Poll<std::io::Result<usize>> {
                $crate::io::object::Bytes::poll_write_vectored(&self.source, cx, slices)
            }

            fn poll_flush(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
            ) -> std::task::Poll<std::io::Result<()>> {
                $crate::io::object::Bytes::poll_flush(&self.source, cx)
            }

            fn poll_close(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
            ) -> std::task::Poll<std::io::Result<()>> {
                let close: fn(&$stream) -> std::io::Result<()> = $close;
                let stream: &$stream = *self;
                self.poll_flush(cx)
                    .map(|flushed| flushed.and(close(stream)))
            }
        }

        impl futures_io::AsyncWrite for $stream {
            fn poll_write(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
                bytes: &[u8],
            ) -> std::task::Poll<std::io::Result<usize>> {
                std::pin::Pin::new(&mut &*self).poll_write(cx, bytes)
            }

            fn poll_write_vectored(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
                slices: &[std::io::IoSlice<'_>],
            ) -> std::task::Poll<std::io::Result<usize>> {
                std::pin::Pin::new(&mut &*self).poll_write_vectored(cx, slices)
            }

            fn poll_flush(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
            ) -> std::task::Poll<std::io::Result<()>> {
                std::pin::Pin::new(&mut &*self).poll_flush(cx)
            }

            fn poll_close(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
            ) -> std::task::Poll<std::io::Result<()>> {
                std::pin::Pin::new(&mut &*self).poll_close(cx)
            }
        }
    };
}

pub(crate) use {reads, writes};
