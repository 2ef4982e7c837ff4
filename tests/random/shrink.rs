//! The smallest body that fails in the same way.
//!
//! *Input*: a body and its failure. *Output*: a body that fails alike, of which no single part can be left out.
//!
//! 1. Every part that can be left out or replaced by a part of itself gives a candidate.
//! 2. They are judged in groups, the shortest first.
//! 3. The shortest one that fails alike is the body for the next round.

use std::io;

use crate::generate::Function;
use crate::judge::{Judge, Verdict};
use crate::tree::{Kind, Node, Part};

/// How many candidates are judged together.
const GROUP: usize = 24;

/// After so many rounds it is small enough.
const ROUNDS: usize = 60;

pub fn shrink(
    judge: &Judge<'_>,
    body: &Function,
    verdict: &Verdict,
) -> io::Result<(Function, Verdict)> {
    let (mut body, mut verdict) = (body.clone(), verdict.clone());
    for _ in 0..ROUNDS {
        match smaller(judge, &body, &verdict)? {
            Some(found) => (body, verdict) = found,
            None => break,
        }
    }
    Ok((body, verdict))
}

/// The shortest candidate that fails in the same way.
fn smaller(
    judge: &Judge<'_>,
    body: &Function,
    verdict: &Verdict,
) -> io::Result<Option<(Function, Verdict)>> {
    let size = |node: &Node| node.source(0).len();
    let mut nodes = candidates(&body.block);
    nodes.retain(|node| size(node) < size(&body.block));
    nodes.sort_by_cached_key(size);
    nodes.dedup_by_key(|node| node.source(0));
    for group in nodes.chunks(GROUP) {
        let named = group.iter().enumerate().map(|(at, block)| Function {
            name: format!("{}_{at}", body.name),
            of: body.of,
            result: body.result.clone(),
            block: block.clone(),
        });
        let functions: Vec<Function> = named.collect();
        let verdicts = match verdict {
            Verdict::Rejected(_) => judge.rejected(&functions)?,
            _ => judge.judge(&functions)?,
        };
        let mut judged = functions.into_iter().zip(verdicts);
        if let Some((mut found, new)) = judged.find(|(_, new)| alike(new, verdict)) {
            found.name.clone_from(&body.name);
            return Ok(Some((found, new)));
        }
    }
    Ok(None)
}

/// Whether two failures may have one cause.
fn alike(one: &Verdict, other: &Verdict) -> bool {
    one.signature().is_some() && one.signature() == other.signature()
}

/// The node with one part less.
fn candidates(node: &Node) -> Vec<Node> {
    let mut found = Vec::new();
    if node.kind == Kind::Block {
        found.extend(without_ranges(node));
    }
    for (at, part) in node.parts.iter().enumerate() {
        let Part::Node(child) = part else { continue };
        if matches!(child.kind, Kind::Line | Kind::Optional) {
            found.push(with(node, at, Vec::new()));
        }
        if child.kind == Kind::Line {
            let blocks = inner_blocks(child).into_iter();
            found.extend(blocks.map(|block| with(node, at, lines(block))));
        }
        if let Kind::Expr(ty) = &child.kind {
            let leaf = Node::expr(ty, vec![ty.leaf(1).into()]);
            let inner = same_type(child).into_iter().cloned();
            let instead = inner.chain([leaf]);
            found.extend(instead.map(|other| with(node, at, vec![other.into()])));
        }
        let deeper = candidates(child).into_iter();
        found.extend(deeper.map(|child| with(node, at, vec![child.into()])));
    }
    found
}

/// Half of the lines left out, a quarter, and so on.
fn without_ranges(block: &Node) -> Vec<Node> {
    let mut found = Vec::new();
    let mut length = block.parts.len() / 2;
    while length > 1 {
        for start in (0..block.parts.len()).step_by(length) {
            let end = block.parts.len().min(start + length);
            let mut smaller = block.clone();
            let is_tail = |part: &Part| matches!(part, Part::Node(n) if n.kind == Kind::Tail);
            let tail: Vec<Part> = block.parts[start..end]
                .iter()
                .filter(|p| is_tail(p))
                .cloned()
                .collect();
            smaller.parts.splice(start..end, tail);
            found.push(smaller);
        }
        length /= 2;
    }
    found
}

fn with(node: &Node, at: usize, parts: Vec<Part>) -> Node {
    let mut node = node.clone();
    node.parts.splice(at..=at, parts);
    node
}

/// The lines of a block that can stand in another one.
fn lines(block: &Node) -> Vec<Part> {
    let lines = block.nodes().filter(|node| node.kind == Kind::Line);
    lines.cloned().map(Part::Node).collect()
}

/// The blocks in a node that are not in other blocks.
fn inner_blocks<'n>(node: &'n Node) -> Vec<&'n Node> {
    let inner = |child: &'n Node| match child {
        block if block.kind == Kind::Block => vec![block],
        other => inner_blocks(other),
    };
    node.nodes().flat_map(inner).collect()
}

/// The expressions in an expression that are of its type.
fn same_type(node: &Node) -> Vec<&Node> {
    fn collect<'n>(node: &'n Node, kind: &Kind, found: &mut Vec<&'n Node>) {
        for child in node.nodes() {
            if child.kind == *kind {
                found.push(child);
            }
            collect(child, kind, found);
        }
    }
    let mut found = Vec::new();
    collect(node, &node.kind, &mut found);
    found
}
