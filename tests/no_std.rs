//! A program without the standard library and without an allocator (`no-std/`), which checks itself.

use std::path::Path;
use std::process::Command;

#[test]
fn coroutines_and_generators_without_the_standard_library() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("no-std/Cargo.toml");
    for profile in ["dev", "release"] {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["run", "-q", "--profile", profile, "--manifest-path"]);
        cargo.arg(&manifest);
        cargo.arg("--target-dir");
        cargo.arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-std"));
        // A sanitizer has a runtime of its own, which needs the standard library's.
        cargo.env_remove("RUSTFLAGS");
        let status = cargo.status().expect("cargo runs");
        assert_eq!(
            status.code(),
            Some(0),
            "the check of this number, in `main`"
        );
    }
}
