//! Numbers that let no branch of a `select!` starve. Not for anything that has to be secret, or the same again.

/// The next number of a xorshift generator.
fn next() -> u64 {
    state::with(|mut n| {
        n ^= n << 13;
        n ^= n >> 7;
        n ^ (n << 17)
    })
}

#[cfg(feature = "std")]
mod state {
    use std::cell::Cell;
    use std::hash::{BuildHasher, RandomState};

    thread_local! {
        static STATE: Cell<u64> = Cell::new(RandomState::new().hash_one(0) | 1);
    }

    pub(super) fn with(next: impl Fn(u64) -> u64) -> u64 {
        STATE.with(|state| {
            let n = next(state.get());
            state.set(n);
            n
        })
    }
}

#[cfg(not(feature = "std"))]
mod state {
    use core::sync::atomic::{AtomicUsize, Ordering};

    static STATE: AtomicUsize = AtomicUsize::new(0);

    /// Without threads' own variables: counts, and mixes the count.
    pub(super) fn with(next: impl Fn(u64) -> u64) -> u64 {
        let count = STATE.fetch_add(1, Ordering::Relaxed) as u64;
        let odd = count.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        next(next(odd))
    }
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
