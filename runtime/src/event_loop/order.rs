//! An order of turns that a seed decides.

use std::cell::Cell;

/// A generator of numbers (splitmix64): the same seed, the same numbers.
pub(crate) struct Order(Cell<u64>);

impl Order {
    pub(crate) fn new(seed: u64) -> Self {
        Order(Cell::new(seed))
    }

    /// A number from `0..n`, which is not 0.
    pub(crate) fn below(&self, n: usize) -> usize {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        ((u128::from(mixed) * n as u128) >> 64) as usize
    }
}
