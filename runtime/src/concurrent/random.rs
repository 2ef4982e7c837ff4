//! Numbers that let no branch of a `select!` starve. Not for anything that has to be secret, or the same again.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

thread_local! {
    static STATE: Cell<u64> = Cell::new(RandomState::new().hash_one(0) | 1);
}

/// The next number of a xorshift generator.
fn next() -> u64 {
    STATE.with(|state| {
        let mut n = state.get();
        n ^= n << 13;
        n ^= n >> 7;
        n ^= n << 17;
        state.set(n);
        n
    })
}

/// A number from `0..n`; 0 if there is none.
pub fn below(n: u32) -> u32 {
    // The quotient is less than `n`.
    ((u128::from(next()) * u128::from(n)) >> 64) as u32
}

/// Puts the elements in a random order.
pub(super) fn shuffle<T>(elements: &mut [T]) {
    for end in (1..elements.len()).rev() {
        let other = below(end as u32 + 1) as usize;
        elements.swap(end, other);
    }
}
