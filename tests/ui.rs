//! What the user reads when something is wrong: `ui/` has a case for every message of the compiler, `ui/rustc/` one for
//! what rustc reports about a body, which must read as it does for a plain `async fn`, once; `ui/twice/` has what is still
//! reported twice, `ui/built/` what comes with code generation, not with `cargo check`.
//!
//! ```text
//! cargo test -p coloop-tests --test ui                       compares
//! TRYBUILD=overwrite cargo test -p coloop-tests --test ui    writes the messages down: read the difference as code
//! cargo test -p coloop-tests --test ui -- ui trybuild=send   only cases whose path contains this
//! ```
//!
//! The messages are those of the toolchain that the workspace is tested with; on another one rustc's own may differ.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*.rs");
    cases.compile_fail("ui/limits/*.rs");
    cases.compile_fail("ui/rustc/*.rs");
    cases.compile_fail("ui/twice/*.rs");
}

#[test]
fn built() {
    let cases = trybuild::TestCases::new();
    // Beside a case that runs, all are built instead of checked.
    cases.pass("ui/built/runs.rs");
    cases.compile_fail("ui/built/[!r]*.rs");
}
