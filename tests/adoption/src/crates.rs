//! The crates, and what is known about each.

/// A published crate.
#[derive(Clone, Debug)]
pub struct Crate {
    pub name: &'static str,
    pub version: &'static str,
    /// For every call of cargo.
    pub options: &'static [&'static str],
    /// For the tests' programs: what needs more than the loopback interface is left out.
    pub filter: &'static [&'static str],
    /// How many functions are expected to be accepted.
    pub accepted: usize,
    /// How many are expected not to be, by the case in `tests/ui/limits` or the reason.
    pub rejected: &'static [(&'static str, usize)],
}

/// Those that a call without names runs, the quick ones first.
pub const CRATES: &[Crate] = &[Crate {
    name: "mini-redis",
    version: "0.4.1",
    options: &[],
    filter: &[],
    accepted: 0,
    rejected: &[],
}];
