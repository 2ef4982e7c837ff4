//! What tells whose macro a name alone is: see the compiler's `concurrent/origin.rs`. All of it is named in code that never
//! runs.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use futures_core::FusedFuture;

/// An operand for the macro.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<T> Future for Asked<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        unreachable!()
    }
}

impl<T> FusedFuture for Asked<T> {
    fn is_terminated(&self) -> bool {
        true
    }
}

/// What only the definition of futures has.
#[diagnostic::on_unimplemented(
    message = "whose macro this is cannot be told by its name alone",
    label = "write its path: `futures::…!`, `tokio::…!`, `coloop::…!`",
    note = "it has been read as the one of futures, and is another"
)]
pub trait OfFutures {}

#[diagnostic::do_not_recommend]
impl OfFutures for Option<()> {}

/// What the definition of futures does not have.
#[diagnostic::on_unimplemented(
    message = "whose macro this is cannot be told by its name alone",
    label = "write its path: `futures::…!`, `tokio::…!`, `coloop::…!`",
    note = "it has been read as the one of tokio, and is another"
)]
pub trait NotOfFutures {}

#[diagnostic::do_not_recommend]
impl NotOfFutures for Around<()> {}

/// What the name means around the macro.
#[derive(Debug)]
pub enum Around<T> {
    /// Named as futures names it.
    None,
    /// Of the parameter.
    Of(T),
}

/// What the name means in coloop's own definitions.
#[derive(Debug)]
pub enum OfColoop<T> {
    /// Named as futures names it.
    None,
    /// Of the parameter.
    Of(T),
}

/// What only the definition of tokio has.
#[diagnostic::on_unimplemented(
    message = "whose macro this is cannot be told by its name alone",
    label = "write its path: `tokio::…!`, `futures::…!`, `coloop::…!`",
    note = "it has been read as the one of tokio, and is another"
)]
pub trait OfTokio {}

/// What stands for the mask of tokio's definition around it.
#[derive(Debug)]
pub struct NoMask;

#[diagnostic::do_not_recommend]
impl<T: Mask> OfTokio for (T, NoMask) {}
#[diagnostic::do_not_recommend]
impl<T: Mask> OfTokio for (NoMask, T) {}

/// The mask of branches that tokio's definition has.
pub trait Mask {}

impl Mask for u8 {}
impl Mask for u16 {}
impl Mask for u32 {}
impl Mask for u64 {}

/// Whether the name is that of the definition of futures.
pub fn is_of_futures<T: OfFutures>(_: &T) {}

/// Whether it is not.
pub fn is_not_of_futures<T: NotOfFutures>(_: &T) {}

/// Whether the type is that of the definition of tokio.
pub fn is_of_tokio<T: OfTokio>() {}
