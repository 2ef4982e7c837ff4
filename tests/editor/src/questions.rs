//! What is asked, and what has to be answered.

use std::collections::BTreeSet;
use std::fmt;
use std::io;

use serde_json::{json, Value};

use crate::server::{Position, Server};
use crate::source::Source;

pub struct Answer {
    question: String,
    expected: String,
    given: String,
}

impl Answer {
    pub fn is_right(&self) -> bool {
        self.expected == self.given
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Answer {
            question,
            expected,
            given,
        } = self;
        match self.is_right() {
            true => write!(f, "ok     {question}: {given}"),
            false => write!(
                f,
                "WRONG  {question}\n  expected: {expected}\n  given:    {given}"
            ),
        }
    }
}

/// A function of the sample, a line of it, a name on the line, and what hovering over the name shows.
const TYPES: [[&str; 4]; 28] = [
    [
        "fn function",
        "let bytes = client.read",
        "bytes",
        "let bytes: Vec<u8>",
    ],
    ["fn function", "bytes.len()", "bytes", "let bytes: Vec<u8>"],
    [
        "fn function",
        "bytes.len()",
        "len",
        "pub const fn len(&self) -> usize",
    ],
    [
        "fn function",
        "client.read(round)",
        "client",
        "client: &mut Client",
    ],
    [
        "fn function",
        "client.read(round)",
        "read",
        "pub async fn read(&mut self, count: usize) -> Result<Vec<u8>, String>",
    ],
    ["fn function", "in 0..count", "count", "count: usize"],
    [
        "fn function",
        "total += length",
        "length",
        "let length: usize",
    ],
    [
        "fn function",
        "total += length",
        "total",
        "let mut total: usize",
    ],
    [
        "fn function",
        "if parsed > 1",
        "parsed",
        "let parsed: usize",
    ],
    ["fn function", "{total}", "total", "let mut total: usize"],
    ["fn method", "name + suffix", "name", "let name: String"],
    ["fn method", "name + suffix", "suffix", "suffix: &str"],
    ["fn inner", "ready(doubled)", "doubled", "let doubled: u32"],
    ["fn generator", "yield shown", "shown", "let shown: String"],
    [
        "fn generator",
        "current += waited",
        "waited",
        "let waited: u32",
    ],
    ["fn generator", "current < limit", "limit", "limit: u32"],
    [
        "fn generator",
        "current.to_string",
        "to_string",
        "fn to_string(&self) -> String",
    ],
    ["fn conversation", "from(first)", "first", "let first: u32"],
    [
        "fn conversation",
        "reply + number",
        "reply",
        "let reply: u32",
    ],
    [
        "fn conversation",
        "reply + number",
        "number",
        "let number: u32",
    ],
    [
        "fn conversation",
        "Ok(total)",
        "total",
        "let mut total: u64",
    ],
    ["fn fallible", "yield parsed", "parsed", "let parsed: u16"],
    ["fn fallible", "lines.lines()", "lines", "lines: &str"],
    ["fn iterator", "yield length", "length", "let length: usize"],
    ["fn iterator", "text.split", "text", "text: String"],
    ["fn over_a_stream", "yield wide", "wide", "let wide: u16"],
    ["fn over_a_stream", "from(byte)", "byte", "let byte: u8"],
    [
        "fn callers",
        "let outcome",
        "outcome",
        "let outcome: Result<usize, String>",
    ],
];

/// A use and its declaration.
const DEFINITIONS: [[&str; 4]; 10] = [
    ["fn function", "total += length", "length", "let length"],
    ["fn function", "bytes.len()", "bytes", "let bytes"],
    [
        "fn function",
        "in 0..count",
        "count",
        "pub async fn function(client: &mut Client, count",
    ],
    ["fn method", "name + suffix", "name", "let name"],
    ["fn inner", "ready(doubled)", "doubled", "let doubled"],
    ["fn generator", "yield shown", "shown", "let shown"],
    ["fn conversation", "reply + number", "reply", "let reply"],
    ["fn iterator", "word.len()", "word", "for word"],
    ["fn over_a_stream", "yield_all!(other", "other", "fn other"],
    [
        "fn callers",
        "function(&mut client",
        "function",
        "pub async fn function",
    ],
];

/// A name, and how often it is written.
const RENAMES: [[&str; 4]; 8] = [
    ["fn function", "let mut total", "total", "4"],
    ["fn function", "client.read", "client", "2"],
    ["fn function", "let bytes", "bytes", "2"],
    ["fn method", "let name", "name", "2"],
    ["fn inner", "let doubled", "doubled", "2"],
    ["fn generator", "let shown", "shown", "2"],
    ["fn conversation", "let mut total", "total", "5"],
    ["fn over_a_stream", "for byte", "byte", "2"],
];

/// What is typed before a line, and what is proposed after it.
const COMPLETIONS: [[&str; 4]; 9] = [
    ["fn function", "let length", "        bytes.iter().", "map"],
    ["fn function", "let length", "        bytes.", "push"],
    [
        "fn function",
        "let text",
        "    let unfinished = total.",
        "checked_add",
    ],
    ["fn method", "let joined", "        name.", "push_str"],
    ["fn inner", "std::future", "        doubled.", "checked_add"],
    [
        "fn generator",
        "let waited",
        "            shown.",
        "push_str",
    ],
    [
        "fn generator",
        "let waited",
        "            yield shown.",
        "clone",
    ],
    [
        "fn conversation",
        "total += ",
        "            reply.",
        "checked_add",
    ],
    [
        "fn iterator",
        "yield length",
        "            word.",
        "to_owned",
    ],
];

pub fn ask(server: &mut Server, source: &Source) -> io::Result<Vec<Answer>> {
    let mut answers = vec![diagnostics(server)?];
    for [function, line, piece, expected] in TYPES {
        let at = source.find(function, line, piece);
        let given = hover(&server.ask("hover", at, json!({}))?);
        answers.push(Answer {
            question: format!("{function}: hover over `{piece}` in `{line}`"),
            expected: expected.to_owned(),
            given,
        });
    }
    for [function, line, piece, declaration] in DEFINITIONS {
        let at = source.find(function, line, piece);
        let expected = source.find("", declaration, piece);
        let found = server.ask("definition", at, json!({}))?;
        answers.push(Answer {
            question: format!("{function}: definition of `{piece}` in `{line}`"),
            expected: format!("{expected:?}"),
            given: places(&found),
        });
    }
    for [function, line, piece, times] in RENAMES {
        let at = source.find(function, line, piece);
        let edits = server.ask("rename", at, json!({ "newName": "renamed" }));
        answers.push(Answer {
            question: format!("{function}: rename `{piece}`"),
            expected: times.to_owned(),
            given: edits.map_or_else(|refused| refused.to_string(), |e| edited(&e).to_string()),
        });
    }
    for [function, line, typed, proposed] in COMPLETIONS {
        let (text, end) = source.with(function, line, typed);
        server.edit(&text)?;
        let items = server.ask("completion", end, json!({}))?;
        answers.push(Answer {
            question: format!("{function}: completion after `{}`", typed.trim()),
            expected: format!("{proposed} once"),
            given: completed(&items, proposed),
        });
    }
    server.edit(&source.text)?;
    Ok(answers)
}

fn diagnostics(server: &mut Server) -> io::Result<Answer> {
    let found = server.diagnostics()?;
    let items = found.as_array().into_iter().flatten();
    let shown = items.map(|item| {
        let at = Position::of(&item["range"]["start"]);
        format!("{}: {} {}", at.line + 1, item["code"], item["message"])
    });
    Ok(Answer {
        question: "errors and warnings".to_owned(),
        expected: String::new(),
        given: shown.collect::<Vec<_>>().join("\n            "),
    })
}

/// The declarations that hovering shows, without what describes them.
fn hover(answer: &Value) -> String {
    let text = answer["contents"]["value"].as_str().unwrap_or_default();
    let is_declaration = |line: &&str| line.contains(": ") || line.contains("fn ");
    let first = text.lines().filter(is_declaration).take(1);
    first.collect::<Vec<_>>().join("").trim().to_owned()
}

fn places(answer: &Value) -> String {
    let list = match answer {
        Value::Array(list) => list.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let places = list.iter().map(|place| {
        let range = match place.get("targetSelectionRange") {
            Some(range) => range,
            None => &place["range"],
        };
        format!("{:?}", Position::of(&range["start"]))
    });
    places.collect::<Vec<_>>().join(", ")
}

/// How many places a rename changes.
fn edited(answer: &Value) -> usize {
    let by_file = answer["changes"].as_object().into_iter().flatten();
    let mut edits: Vec<&Value> = by_file
        .flat_map(|(_, edits)| edits.as_array().into_iter().flatten())
        .collect();
    let documents = answer["documentChanges"].as_array().into_iter().flatten();
    edits.extend(documents.flat_map(|document| document["edits"].as_array().into_iter().flatten()));
    let starts = edits
        .iter()
        .map(|edit| Position::of(&edit["range"]["start"]));
    starts.collect::<BTreeSet<_>>().len()
}

fn completed(answer: &Value, name: &str) -> String {
    let items = match &answer["items"] {
        Value::Array(items) => items.clone(),
        _ => answer.as_array().cloned().unwrap_or_default(),
    };
    let is_it = |item: &&Value| {
        let label = item["filterText"]
            .as_str()
            .or(item["label"].as_str())
            .unwrap_or_default();
        label.split(['(', '…']).next() == Some(name)
    };
    match items.iter().filter(is_it).count() {
        1 => format!("{name} once"),
        times => format!("{name} {times} times among {}", items.len()),
    }
}
