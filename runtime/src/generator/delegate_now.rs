//! What `yield_all!` hands items on from in `iter!`: any iterator, or a generator. As in `delegate.rs`, the methods of the operand
//! tell.

use core::cell::Cell;
use core::pin::Pin;

use super::{Generator, GeneratorState};

/// The operand.
#[expect(missing_debug_implementations)]
pub struct DelegatedNow<G>(Cell<Option<G>>);

/// Asks what the operand is.
#[inline(always)]
pub fn delegated_now<G>(operand: G) -> DelegatedNow<G> {
    DelegatedNow(Cell::new(Some(operand)))
}

/// It is, or gives, an iterator.
pub trait ViaIterator<I> {
    /// The iterator, as a generator.
    fn via(self) -> Iterated<I>;
}

impl<G: IntoIterator> ViaIterator<G::IntoIter> for DelegatedNow<G> {
    #[inline(always)]
    fn via(self) -> Iterated<G::IntoIter> {
        Iterated {
            iterator: self.0.take().map(IntoIterator::into_iter),
        }
    }
}

/// It is a generator that is no iterator.
pub trait ViaGeneratorNow<G, Resume> {
    /// The generator.
    fn via(&self) -> G;
}

impl<G, Resume> ViaGeneratorNow<G, Resume> for DelegatedNow<G>
where
    G: Generator<Resume> + Unpin,
{
    #[inline(always)]
    fn via(&self) -> G {
        self.0.take().expect("it has just been put there")
    }
}

/// It is none of both.
pub trait ViaNothingNow<T> {
    /// An error of rustc.
    fn via(&mut self) -> T::Generator
    where
        T: YieldsAllNow;
}

impl<T> ViaNothingNow<T> for DelegatedNow<T> {
    fn via(&mut self) -> T::Generator
    where
        T: YieldsAllNow,
    {
        unreachable!("nothing is")
    }
}

/// What `yield_all!` takes in `iter!`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an iterator nor a generator that may move",
    label = "`yield_all!` takes one of both here"
)]
pub trait YieldsAllNow {
    /// Of what is none of both, nothing more is said.
    type Generator;
}

/// An iterator, as a generator that receives nothing and returns nothing.
#[derive(Debug)]
pub struct Iterated<I> {
    iterator: Option<I>,
}

impl<I> Unpin for Iterated<I> {}

impl<I: Iterator> Generator for Iterated<I> {
    type Yield = I::Item;
    type Return = ();

    #[inline]
    fn resume(mut self: Pin<&mut Self>, (): ()) -> GeneratorState<I::Item, ()> {
        let Some(iterator) = &mut self.iterator else {
            return GeneratorState::Ended;
        };
        match iterator.next() {
            Some(item) => GeneratorState::Yielded(item),
            None => {
                self.iterator = None;
                GeneratorState::Returned(())
            }
        }
    }

    fn end(mut self: Pin<&mut Self>) {
        self.iterator = None;
    }

    fn has_ended(&self) -> bool {
        self.iterator.is_none()
    }
}

/// Lets a generator in its place go on.
#[inline(always)]
pub fn resumed_now<G, Resume>(
    generator: &mut G,
    value: Resume,
) -> GeneratorState<G::Yield, G::Return>
where
    G: Generator<Resume> + Unpin,
{
    generator.send(value)
}
