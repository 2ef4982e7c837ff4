//! Prints what each pass makes of a function.
//!
//! ```text
//! cargo run -p coloop-compiler --features pretty --bin passes -- FILE FUNCTION [--pass PASS] [--dot]
//! ```
//!
//! `FUNCTION` is a name, or a path that ends with it (`Type::method`); `FUNCTION#1` is the first `gen!` in it. `PASS` is
//! one of `parse`, `check`, `lower`, `analysis`, `frame`, `emit`; without it all are printed. `--dot` prints the states as
//! a graph for Graphviz instead.

mod arguments;
mod find;
mod print;

use std::process::ExitCode;

use arguments::{Arguments, Output};

fn main() -> ExitCode {
    match run() {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("passes: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, String> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let source = std::fs::read_to_string(&arguments.file)
        .map_err(|error| format!("{}: {error}", arguments.file))?;
    let file = syn::parse_file(&source).map_err(|error| {
        let at = error.span().start();
        format!("{}:{}:{}: {error}", arguments.file, at.line, at.column + 1)
    })?;
    let target = find::find(&file, &arguments.function)
        .map_err(|error| format!("{}: {error}", arguments.file))?;
    match &arguments.output {
        Output::Passes(passes) => print::passes(&target, passes),
        Output::Graph => print::graph(&target, &arguments.function),
    }
}
