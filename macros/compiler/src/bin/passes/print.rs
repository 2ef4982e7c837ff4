//! The result of each pass as text.

use std::fmt::{Debug, Write};

use coloop_compiler::diagnostics::Diagnostics;
use coloop_compiler::ir::{Body, FlagId, Hole, HoleId, VarId, print as ir};
use coloop_compiler::packing::Storage;
use coloop_compiler::parse::Input;
use coloop_compiler::{
    analysis, check, coroutine, frame, generate, generator, held, lower, occupied, parse,
};
use proc_macro2::TokenStream;

use crate::arguments::Pass;
use crate::find::Target;

/// A target that has been parsed and checked.
struct Checked {
    input: Input,
    errors: Vec<String>,
}

fn checked(target: &Target) -> Result<Checked, String> {
    let diagnostics = Diagnostics::new();
    let input = match target {
        Target::Function(tokens) => {
            let function = parse::function(
                "coroutine",
                TokenStream::new(),
                tokens.clone(),
                &diagnostics,
            );
            if let Some(function) = &function {
                check::function(function, &diagnostics);
            }
            function.map(|function| function.input)
        }
        Target::Generator(by, tokens) => {
            let input = generator::parse(*by, tokens.clone(), &diagnostics);
            if let Some(input) = &input {
                check::generator(input, &diagnostics);
            }
            input
        }
    };
    let errors = messages(diagnostics);
    input
        .map(|input| Checked {
            input,
            errors: errors.clone(),
        })
        .ok_or_else(|| errors.join("\n"))
}

/// The errors, each with its place.
fn messages(diagnostics: Diagnostics) -> Vec<String> {
    let errors = diagnostics.errors();
    drop(diagnostics.finish());
    let text = |error: &syn::Error| {
        let at = error.span().start();
        format!("{}:{}: {error}", at.line, at.column + 1)
    };
    errors.iter().map(text).collect()
}

fn lowered(checked: &Checked) -> Result<Body, String> {
    let mut errors = checked.errors.clone();
    if errors.is_empty() {
        let diagnostics = Diagnostics::new();
        let body = lower::lower(&checked.input, &diagnostics);
        errors = messages(diagnostics);
        if errors.is_empty() {
            return Ok(body);
        }
    }
    Err(errors.join("\n"))
}

/// The results of the passes. After a rejection nothing follows.
pub fn passes(target: &Target, passes: &[Pass]) -> Result<String, String> {
    let mut out = String::new();
    for pass in passes {
        if passes.len() > 1 {
            let _ = writeln!(out, "==== {}", pass.name());
        }
        match result(target, *pass) {
            Ok(text) => {
                let _ = writeln!(out, "{}", text.trim_end());
            }
            Err(errors) if out.is_empty() => return Err(errors),
            Err(errors) => {
                let _ = writeln!(out, "rejected:\n{errors}");
                break;
            }
        }
        if passes.len() > 1 {
            out.push('\n');
        }
    }
    Ok(out)
}

fn result(target: &Target, pass: Pass) -> Result<String, String> {
    let checked = checked(target)?;
    match pass {
        Pass::Parse => return Ok(input(&checked.input)),
        Pass::Check if checked.errors.is_empty() => return Ok("accepted".to_owned()),
        Pass::Check => return Err(checked.errors.join("\n")),
        _ => {}
    }
    let body = lowered(&checked)?;
    let facts = analysis::analyse(&body);
    let occupied = occupied::occupied(&body, &facts);
    let held = held::held(&body, &facts, &occupied);
    let layout = frame::layout(&body, &facts, &occupied, &held);
    Ok(match pass {
        Pass::Lower => ir::text(&body),
        Pass::Analysis => self::facts(&body, &facts),
        Pass::Frame => self::layout(&body, &layout),
        _ => pretty(target),
    })
}

/// The states as a graph.
pub fn graph(target: &Target, name: &str) -> Result<String, String> {
    Ok(ir::dot(&lowered(&checked(target)?)?, name))
}

fn input(input: &Input) -> String {
    let mut out = String::new();
    for argument in &input.arguments {
        let mutable = if argument.mutable { "mut " } else { "" };
        let reference = if argument.reference {
            ", a reference"
        } else {
            ""
        };
        let taken_apart = if argument.pattern.is_some() {
            ", taken apart by a pattern"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "argument {mutable}{}{reference}{taken_apart}",
            argument.ident
        );
    }
    for captured in &input.captured {
        let _ = writeln!(out, "captured {captured}");
    }
    let body = &input.body;
    let _ = writeln!(out, "{}", formatted(&quote::quote!(fn body() #body)));
    out
}

fn facts(body: &Body, facts: &analysis::Facts) -> String {
    let mut out = String::new();
    for (index, is_slot) in facts.slots.iter().enumerate() {
        let home = if *is_slot { "slot" } else { "local" };
        let _ = writeln!(out, "{}: {home}", variable(body, VarId(index)));
    }
    for hole in &facts.followed {
        let _ = writeln!(out, "followed by another use: {}", used(body, *hole));
    }
    for (capture, var) in &facts.shared {
        let _ = writeln!(
            out,
            "used outside of capture {} too: {}",
            capture.0,
            variable(body, *var)
        );
    }
    for (block, count) in facts.predecessors.iter().enumerate() {
        let _ = writeln!(out, "b{block}: reached from {count}");
    }
    out
}

fn variable(body: &Body, var: VarId) -> String {
    format!("v{} `{}`", var.0, body.vars[var.0].name)
}

fn used(body: &Body, hole: HoleId) -> String {
    match &body.holes[hole.0] {
        Hole::Use(usage) => variable(body, usage.var),
        Hole::Call(call) => format!(
            "{} as the receiver of `{}`",
            variable(body, call.usage.var),
            call.method
        ),
        other => debug(other),
    }
}

fn layout(body: &Body, layout: &frame::Layout) -> String {
    let mut out = String::new();
    for (index, var) in layout.slots.iter().enumerate() {
        let bit = layout.slot(*var).unwrap_or_default();
        let _ = writeln!(out, "slot {index}: {}, bit {bit}", variable(body, *var));
    }
    for (place, storage) in [("frame", &layout.frame), ("stack", &layout.stack)] {
        if let Some(storage) = storage {
            let _ = writeln!(out, "{place}: {}", packed(storage));
        }
    }
    for (index, flag) in body.flags.iter().enumerate() {
        if let Some(bit) = layout.flag(FlagId(index)) {
            let _ = writeln!(out, "bit {bit}: a part of {}", variable(body, flag.var));
        }
    }
    for (block, state) in &layout.states {
        let _ = match layout.held.get(state) {
            Some(held) => writeln!(out, "state {state}: b{}, holding {held:?}", block.0),
            None => writeln!(out, "state {state}: b{}", block.0),
        };
    }
    let _ = writeln!(
        out,
        "{} bytes of bits, {} of them kept",
        layout.bytes, layout.kept
    );
    out
}

/// `+` stands between what lies side by side, `|` between what lies in the same place.
fn packed(storage: &Storage) -> String {
    let all = |parts: &[Storage], by: &str| {
        let parts: Vec<_> = parts.iter().map(packed).collect();
        format!("({})", parts.join(by))
    };
    match storage {
        Storage::Slot(var) => format!("v{}", var.0),
        Storage::Beside(parts) => all(parts, " + "),
        Storage::Shared(parts) => all(parts, " | "),
    }
}

fn debug(value: &impl Debug) -> String {
    format!("{value:?}")
}

/// The expansion.
fn pretty(target: &Target) -> String {
    match target {
        Target::Function(tokens) => formatted(&coroutine(TokenStream::new(), tokens.clone())),
        Target::Generator(by, tokens) => {
            let expression = generate(*by, tokens.clone());
            formatted(&quote::quote!(fn generator() { #expression }))
        }
    }
}

#[cfg(feature = "pretty")]
fn formatted(tokens: &TokenStream) -> String {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        // A method's `self`, for example, is none for a function.
        Err(_) => match syn::parse2::<syn::ItemImpl>(quote::quote!(impl Type { #tokens })) {
            Ok(item) => prettyplease::unparse(&syn::File {
                shebang: None,
                attrs: Vec::new(),
                items: vec![item.into()],
            }),
            Err(_) => tokens.to_string(),
        },
    }
}

#[cfg(not(feature = "pretty"))]
fn formatted(tokens: &TokenStream) -> String {
    tokens.to_string()
}
