//! `gather!`: a tuple of futures as a future of a tuple.
//!
//! *Input*: up to sixteen futures. *Output*: their outputs. *Invariant*: the children are fields of the future, pinned
//! with it; each poll polls, in order, those that are not ready.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::concurrent::MaybeDone;

/// A tuple of futures.
pub trait GatherTuple {
    /// The future of the tuple of their outputs.
    type Gather: Future;

    /// That future.
    fn gather(self) -> Self::Gather;
}

/// What `gather!` expands to.
#[must_use = "futures do nothing unless awaited"]
pub fn gather_tuple<T: GatherTuple>(futures: T) -> T::Gather {
    futures.gather()
}

impl GatherTuple for () {
    type Gather = std::future::Ready<()>;

    fn gather(self) -> Self::Gather {
        std::future::ready(())
    }
}

macro_rules! gather_tuples {
    ($($name:ident: $($F:ident $child:ident),+;)+) => {$(
        pin_project! {
            pub struct $name<$($F: Future),+> {
                $(#[pin] $child: MaybeDone<$F>,)+
            }
        }

        impl<$($F: Future),+> Future for $name<$($F),+> {
            type Output = ($($F::Output,)+);

            fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
                let mut this = self.project();
                let mut all_done = true;
                $(all_done &= this.$child.as_mut().poll(cx);)+
                if !all_done {
                    return Poll::Pending;
                }
                Poll::Ready(($(
                    this.$child.take().expect("`gather!` polled after completion"),
                )+))
            }
        }

        impl<$($F: Future),+> fmt::Debug for $name<$($F),+> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }

        impl<$($F: IntoFuture),+> GatherTuple for ($($F,)+) {
            type Gather = $name<$($F::IntoFuture),+>;

            fn gather(self) -> Self::Gather {
                let ($($child,)+) = self;
                $name { $($child: MaybeDone::new($child.into_future()),)+ }
            }
        }
    )+};
}

gather_tuples! {
    Gather1: A a;
    Gather2: A a, B b;
    Gather3: A a, B b, C c;
    Gather4: A a, B b, C c, D d;
    Gather5: A a, B b, C c, D d, E e;
    Gather6: A a, B b, C c, D d, E e, F f;
    Gather7: A a, B b, C c, D d, E e, F f, G g;
    Gather8: A a, B b, C c, D d, E e, F f, G g, H h;
    Gather9: A a, B b, C c, D d, E e, F f, G g, H h, I i;
    Gather10: A a, B b, C c, D d, E e, F f, G g, H h, I i, J j;
    Gather11: A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k;
    Gather12: A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l;
    Gather13: A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l, M m;
    Gather14: A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l, M m, N n;
    Gather15: A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l, M m, N n, O o;
    Gather16: A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l, M m, N n, O o, P p;
}
