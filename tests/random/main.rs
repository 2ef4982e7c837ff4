//! Random bodies for the differential harness: generated, compiled as `async fn` and as `#[coroutine]`, run, compared.
//!
//! ```text
//! cargo run -p coloop-random -- --bodies 5000 --seed 1      prints the seed, the progress and every failure
//! cargo run -p coloop-random -- --seed 1 --from 17 --bodies 1          one body again; with --print its source
//! cargo run -p coloop-random -- --without let-else,closure             leaves features out; --help lists them
//! cargo run -p coloop-random -- --generators                           bodies of `gen!`, with `yield`s
//! cargo run -p coloop-random -- --asan                                 under AddressSanitizer
//! cargo run -p coloop-random -- --explain                              why rustc does not accept a body
//! COLOOP_SWEEP=run,cancel cargo run …                                  only these kinds of scenario
//! ```
//!
//! A body that rustc accepts must be accepted by coloop (`rejected`), unless docs/language.md lists why it is not (`by a listed
//! limit`), and do the same (`differs`, `crash`). The first failure of each kind is shrunk and printed as a test that can be
//! put in `tests/differential`; `--shrink 0` only lists them. The exit code is 1 if there was a failure.
//!
//! - `features`: what bodies are made of, to leave parts of it out
//! - `types`, `tree`: the types of expressions; the source as a tree
//! - `scope`: what rustc's borrow checker would know
//! - `generate`: a body from a seed
//! - `judge`: bodies in, verdicts out
//! - `campaign`: many bodies, in batches
//! - `shrink`: the smallest body that fails alike

#[macro_use]
mod tree;
mod campaign;
mod features;
mod generate;
mod judge;
mod options;
mod scope;
mod shrink;
mod types;

use std::process::ExitCode;

fn main() -> ExitCode {
    let options = match options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(text) => {
            eprintln!("{text}");
            return ExitCode::from(2);
        }
    };
    if options.print {
        for number in options.from..options.from + options.bodies {
            println!("{}", campaign::body(&options, number).source());
        }
        return ExitCode::SUCCESS;
    }
    match campaign::run(&options) {
        Ok(failures) => ExitCode::from(u8::from(failures > 0)),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
