//! The crates, and what is known about each.

/// A published crate.
#[derive(Clone, Debug)]
pub struct Crate {
    pub name: &'static str,
    pub version: &'static str,
    /// For every call of cargo.
    pub options: &'static [&'static str],
    /// How many functions are accepted, or more.
    pub accepted: usize,
    /// Whether functions await one another so deep that the library gets another `recursion_limit`: one of the limits.
    pub deep: bool,
}

/// Those that a call without names runs. Where they come from: programs, pools, an embedded HTTP server, protocols, channels,
/// tokio's own tools. All of their tests do with the loopback interface at most.
pub const CRATES: &[Crate] = &[
    Crate {
        name: "mini-redis",
        version: "0.4.1",
        options: &[],
        accepted: 42,
        deep: false,
    },
    Crate {
        name: "kanal",
        version: "0.1.1",
        options: &[],
        accepted: 36,
        deep: false,
    },
    Crate {
        name: "embassy-sync",
        version: "0.8.0",
        options: &[],
        accepted: 42,
        deep: false,
    },
    Crate {
        name: "async-imap",
        version: "0.12.0",
        options: &[],
        accepted: 118,
        deep: false,
    },
    Crate {
        name: "deadpool",
        version: "0.13.1",
        options: &[],
        accepted: 61,
        deep: false,
    },
    Crate {
        name: "async_zip",
        version: "0.0.19",
        options: &["--features", "full"],
        accepted: 104,
        deep: false,
    },
    Crate {
        name: "tokio-util",
        version: "0.7.20",
        options: &["--features", "full"],
        accepted: 137,
        deep: false,
    },
    Crate {
        name: "picoserve",
        version: "0.20.1",
        options: &["--features", "tokio,ws,json"],
        accepted: 184,
        deep: true,
    },
];
