//! A body as a tree of text, coarse enough to print and fine enough to shrink.
//!
//! *Input*: what the generator puts together. *Output*: Rust source. *Invariant*: every statement is a node that can be
//! left out, and every expression is a node that knows its type, so that another one of that type can stand in its place.

use std::fmt::Write;

use crate::types::Ty;

/// What a node is, which is what may be done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A statement or an arm: on a line of its own, can be left out.
    Line,
    /// The value of a block: on a line of its own.
    Tail,
    /// Lines in braces.
    Block,
    /// A part of a line that can be left out, as `else { … }`.
    Optional,
    /// An expression of this type.
    Expr(Ty),
}

#[derive(Clone, Debug)]
pub enum Part {
    Text(String),
    Node(Node),
}

#[derive(Clone, Debug)]
pub struct Node {
    pub kind: Kind,
    pub parts: Vec<Part>,
}

impl From<&str> for Part {
    fn from(text: &str) -> Part {
        Part::Text(text.to_owned())
    }
}

impl From<String> for Part {
    fn from(text: String) -> Part {
        Part::Text(text)
    }
}

impl From<u32> for Part {
    fn from(number: u32) -> Part {
        Part::Text(number.to_string())
    }
}

impl From<Node> for Part {
    fn from(node: Node) -> Part {
        Part::Node(node)
    }
}

/// A node of a kind, from texts, numbers and nodes.
macro_rules! node {
    ($kind:expr; $($part:expr),* $(,)?) => {
        $crate::tree::Node { kind: $kind, parts: vec![$($crate::tree::Part::from($part)),*] }
    };
}

/// A statement.
macro_rules! line {
    ($($part:expr),* $(,)?) => { node!($crate::tree::Kind::Line; $($part),*) };
}

impl Node {
    pub fn expr(ty: &Ty, parts: Vec<Part>) -> Node {
        Node {
            kind: Kind::Expr(ty.clone()),
            parts,
        }
    }

    pub fn block(lines: Vec<Node>) -> Node {
        Node {
            kind: Kind::Block,
            parts: lines.into_iter().map(Part::Node).collect(),
        }
    }

    /// The source, the first line not indented and the others by `indent` levels.
    pub fn source(&self, indent: usize) -> String {
        let mut out = String::new();
        self.print(indent, &mut out);
        out
    }

    fn print(&self, indent: usize, out: &mut String) {
        if self.kind == Kind::Block {
            out.push('{');
            for node in self.nodes() {
                write!(out, "\n{:1$}", "", 4 * (indent + 1)).expect("a String takes everything");
                node.print(indent + 1, out);
            }
            write!(out, "\n{:1$}}}", "", 4 * indent).expect("a String takes everything");
            return;
        }
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Node(node) => node.print(indent, out),
            }
        }
    }

    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.parts.iter().filter_map(|part| match part {
            Part::Node(node) => Some(node),
            Part::Text(_) => None,
        })
    }
}
