//! What an editor knows of the inside of coroutines: starts rust-analyzer on `sample`, and asks it as an editor does.
//!
//! ```text
//! cargo run -p coloop-editor              every question; the exit code is 1 if an answer is not as for an `async fn`
//! cargo run -p coloop-editor -- --print   and the answers
//! ```
//!
//! rust-analyzer has to be there: `rustup component add rust-analyzer`. It takes a minute, so it is not in `.ci/run`.
//!
//! - `questions`: what is asked, and what has to be answered
//! - `server`: the language server
//! - `source`: places in the sample

mod questions;
mod server;
mod source;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use server::Server;
use source::Source;

fn main() -> ExitCode {
    let print = std::env::args().any(|argument| argument == "--print");
    match run(print) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(wrong) => {
            eprintln!("{wrong} answers are not as they should be");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run(print: bool) -> io::Result<usize> {
    let package = package()?;
    let source = Source::new(fs::read_to_string(package.join("src/lib.rs"))?);
    let mut server = Server::start(&package)?;
    let answers = questions::ask(&mut server, &source)?;
    let mut wrong = 0;
    for answer in &answers {
        wrong += usize::from(!answer.is_right());
        if print || !answer.is_right() {
            println!("{answer}");
        }
    }
    println!(
        "{} of {} answers are right",
        answers.len() - wrong,
        answers.len()
    );
    Ok(wrong)
}

/// A copy of the sample, outside of the workspace, that depends on this checkout.
fn package() -> io::Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copy = std::env::temp_dir().join(format!("coloop-editor-{}", std::process::id()));
    fs::create_dir_all(copy.join("src"))?;
    let runtime = here.join("../../runtime").canonicalize()?;
    let manifest = fs::read_to_string(here.join("sample/Cargo.toml"))?;
    let manifest = manifest.replace("COLOOP", &runtime.to_string_lossy());
    fs::write(copy.join("Cargo.toml"), manifest)?;
    fs::copy(here.join("sample/src/lib.rs"), copy.join("src/lib.rs"))?;
    Ok(copy)
}
