//! The intermediate representation as text, and its states as a graph.

use std::fmt::Write;

use quote::ToTokens;

use super::*;

/// The whole body.
pub fn text(body: &Body) -> String {
    let mut out = String::new();
    for (index, var) in body.vars.iter().enumerate() {
        let _ = writeln!(
            out,
            "v{index}: {:?} `{}` in scope {}",
            var.role, var.name, var.scope.0
        );
    }
    for (index, scope) in body.scopes.iter().enumerate() {
        let entries: Vec<_> = scope.entries.iter().map(entry).collect();
        let _ = writeln!(out, "scope {index}: {}", entries.join(" "));
    }
    for id in &body.order {
        block(body, *id, &mut out);
    }
    out
}

fn entry(entry: &Entry) -> String {
    match entry {
        Entry::Var(var) => format!("v{}", var.0),
        Entry::Scope(scope) => format!("scope{}", scope.0),
    }
}

fn block(body: &Body, id: BlockId, out: &mut String) {
    let block = &body.blocks[id.0];
    let _ = writeln!(out, "\nb{}:", id.0);
    match &block.resume {
        Some(Resume::Await { future }) => {
            let _ = writeln!(out, "    await v{}", future.0);
        }
        Some(Resume::Next { stream }) => {
            let _ = writeln!(out, "    next of v{}", stream.0);
        }
        Some(Resume::Yield { .. }) => {
            let _ = writeln!(out, "    resumed after yield");
        }
        None => {}
    }
    for stmt in &block.stmts {
        let _ = writeln!(out, "    {}", self::stmt(body, stmt));
    }
    let _ = writeln!(out, "    {}", term(body, &block.term));
}

fn stmt(body: &Body, stmt: &Stmt) -> String {
    match stmt {
        Stmt::Let { vars, init, .. } => format!("let {} = {}", list(vars), code(body, init)),
        Stmt::Select { subject, pattern } => {
            format!(
                "let {} = {} of {}",
                list(&pattern.vars),
                pattern.written.tokens(),
                self::subject(body, subject)
            )
        }
        Stmt::Early { var, early } => format!(
            "v{} = move(v{}) if v{}",
            early.moved.0, var.0, early.witness.0
        ),
        Stmt::Eval {
            code: c,
            dest: Some(var),
        } => format!("v{} = {}", var.0, code(body, c)),
        Stmt::Eval {
            code: c,
            dest: None,
        } => code(body, c),
        Stmt::Tail {
            code: c,
            dest,
            scope,
        } => {
            format!(
                "{} <- {}; end of scope {}",
                self::dest(*dest),
                code(body, c),
                scope.0
            )
        }
        Stmt::Exit(scope) => format!("end of scope {}", scope.0),
    }
}

fn dest(dest: Dest) -> String {
    match dest {
        Dest::Ignore => "_".to_owned(),
        Dest::Var(var) => format!("v{}", var.0),
        Dest::Return => "return".to_owned(),
    }
}

fn subject(body: &Body, subject: &Subject) -> String {
    match subject {
        Subject::Code(c) => code(body, c),
        Subject::Var { var, path } => self::part(*var, path),
    }
}

fn term(body: &Body, term: &Term) -> String {
    match term {
        Term::Goto(target) => format!("goto b{}", target.0),
        Term::Yield { value, resume } => format!("yield {} -> b{}", code(body, value), resume.0),
        Term::If {
            cond,
            then,
            otherwise,
        } => {
            format!(
                "if {} then b{} else b{}",
                code(body, cond),
                then.0,
                otherwise.0
            )
        }
        Term::Match { subject, arms } => {
            let arms: Vec<_> = arms
                .iter()
                .map(|arm| format!("{} => b{}", arm.pattern.written.tokens(), arm.target.0))
                .collect();
            format!(
                "match {} {{ {} }}",
                self::subject(body, subject),
                arms.join(", ")
            )
        }
        Term::Dead => "left".to_owned(),
        Term::Open => "open".to_owned(),
    }
}

fn list(vars: &[VarId]) -> String {
    vars.iter()
        .map(|var| format!("v{}", var.0))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The code with its holes named.
fn code(body: &Body, code_: &Code) -> String {
    let mut text = code_.tokens().to_string();
    // Longer numbers first: `1` is a prefix of `12`.
    let mut found = code_.holes().to_vec();
    found.sort_by_key(|id| std::cmp::Reverse(id.0));
    for id in found {
        let name = crate::names::hole(id.0, Span::call_site()).to_string();
        text = text.replace(&name, &hole(body, &body.holes[id.0]));
    }
    text
}

fn hole(body: &Body, hole: &Hole) -> String {
    match hole {
        Hole::Use(usage) => self::usage(usage),
        Hole::TakePart { usage, path, .. } => format!("move({})", part(usage.var, path)),
        Hole::Assign { usage, value } => format!("v{} = {}", usage.var.0, code(body, value)),
        Hole::AssignPart { usage, path, value } => {
            format!("{} = {}", part(usage.var, path), code(body, value))
        }
        Hole::Update(update) => {
            let fields = update.fields.iter();
            let fields: String = fields
                .map(|(member, value)| {
                    format!("{}: {}, ", member.to_token_stream(), code(body, value))
                })
                .collect();
            let (ty, base) = (update.ty.tokens(), code(body, &update.base));
            format!("{ty} {{ {fields}..(v{} = {base}) }}", update.usage.var.0)
        }
        Hole::Store { var, value } => format!("(v{} = {})", var.0, code(body, value)),
        Hole::Call(call) => {
            let args: Vec<_> = call.args.iter().map(|arg| code(body, &arg.code)).collect();
            let store = call
                .store
                .as_ref()
                .map(|c| format!(" = {}", code(body, c)))
                .unwrap_or_default();
            format!(
                "(v{}{store}){}({})",
                call.usage.var.0,
                call.method,
                args.join(", ")
            )
        }
        Hole::Match { usage, path, arms } => {
            format!("match {} of {} arms", part(usage.var, path), arms.len())
        }
        Hole::Capture { code: c, .. }
        | Hole::Macro { code: c, .. }
        | Hole::Returning { code: c, .. } => code(body, c),
        Hole::Jump {
            store: Some((var, c)),
            target,
        } => format!("{{ v{} = {}; goto b{} }}", var.0, code(body, c), target.0),
        Hole::Jump {
            store: None,
            target,
        } => format!("goto b{}", target.0),
        Hole::Return(c) => format!("return {}", code(body, c)),
        Hole::Try(c) => format!("{}?", code(body, c)),
    }
}

fn part(var: VarId, path: &Path) -> String {
    path.of(quote::format_ident!("v{}", var.0))
        .to_string()
        .replace(' ', "")
}

fn usage(usage: &Use) -> String {
    match usage.context {
        Context::Value => format!("move(v{})", usage.var.0),
        Context::Place => format!("v{}", usage.var.0),
    }
}

/// The blocks and what leads from one to the other, for Graphviz.
pub fn dot(body: &Body, name: &str) -> String {
    let mut out = format!("digraph \"{name}\" {{\n    node [shape=box, fontname=\"monospace\"];\n");
    for id in &body.order {
        let block = &body.blocks[id.0];
        let (label, style) = match &block.resume {
            Some(Resume::Await { future }) => (
                format!("await v{}", future.0),
                ", style=filled, fillcolor=lightblue",
            ),
            Some(Resume::Next { stream }) => (
                format!("next v{}", stream.0),
                ", style=filled, fillcolor=lightblue",
            ),
            Some(Resume::Yield { .. }) => (
                "after yield".to_owned(),
                ", style=filled, fillcolor=lightyellow",
            ),
            None => (String::new(), ""),
        };
        let place = block.span.start();
        let _ = writeln!(
            out,
            "    b{} [label=\"b{} {label}\\nline {}\"{style}];",
            id.0, id.0, place.line
        );
        for target in body.successors(*id) {
            let _ = writeln!(out, "    b{} -> b{};", id.0, target.0);
        }
    }
    out.push_str("}\n");
    out
}
