//! A message of rustc as a text to compare: every part of it with its place.
//!
//! *Input*: rustc's JSON. *Output*: a text for each message, sorted by place: a line for the message, one for each label,
//! note, help and proposed edit.

use std::path::Path;

use serde_json::Value;

pub fn messages(output: &str, source: &Path) -> Vec<String> {
    let parsed = output.lines().map(serde_json::from_str);
    let mut messages: Vec<(Vec<Place>, String)> = parsed
        .map(|message| message.unwrap_or_else(|_| panic!("rustc's output is JSON:\n{output}")))
        .filter(is_about_something)
        .map(|message: Value| (places(&message, source), text(&message, source)))
        .collect();
    messages.sort();
    messages.into_iter().map(|(_, text)| text).collect()
}

/// Line and column of the first character and of the one after the last.
type Place = [u64; 4];

/// Sums ("2 warnings emitted") follow from the rest.
fn is_about_something(message: &Value) -> bool {
    let is_sum = |text: &str| text.starts_with("aborting due to") || text.contains("emitted");
    message["level"] != "failure-note" && !message["message"].as_str().is_none_or(is_sum)
}

/// Types that are too long for a message are written to files of changing names.
fn is_about_a_file(note: &Value) -> bool {
    let text = string(&note["message"]);
    text.starts_with("the full name for the type") || text.contains("`--verbose`")
}

fn places(message: &Value, source: &Path) -> Vec<Place> {
    let spans = spans(message).filter(|span| span["is_primary"] == true);
    spans.filter_map(|span| place(span, source)).collect()
}

fn spans(message: &Value) -> impl Iterator<Item = &Value> {
    message["spans"].as_array().into_iter().flatten()
}

/// The place of a span, if it is in the source.
fn place(span: &Value, source: &Path) -> Option<Place> {
    if span["file_name"].as_str().map(Path::new) != Some(source) {
        return None;
    }
    let keys = ["line_start", "column_start", "line_end", "column_end"];
    Some(keys.map(|key| span[key].as_u64().unwrap_or_default()))
}

/// The place as it is written.
fn written(span: &Value, source: &Path) -> String {
    match place(span, source) {
        Some([line, column, last, end]) if line == last => format!("{line}:{column}-{end}"),
        Some([line, column, last, end]) => format!("{line}:{column}-{last}:{end}"),
        None => "elsewhere".to_owned(),
    }
}

fn text(message: &Value, source: &Path) -> String {
    let (level, text) = (string(&message["level"]), string(&message["message"]));
    let code = message["code"]["code"].as_str();
    let code = code.map(|code| format!("[{code}]")).unwrap_or_default();
    let mut lines = vec![format!("{level}{code}: {text}")];
    let mut labels: Vec<_> = spans(message).map(|span| label(span, source)).collect();
    labels.sort();
    lines.extend(labels);
    let children = message["children"].as_array().into_iter().flatten();
    for child in children.filter(|child| !is_about_a_file(child)) {
        lines.push(indented(&self::text(child, source)));
    }
    lines.join("\n")
}

/// What is said at a place, and what should be there instead.
fn label(span: &Value, source: &Path) -> String {
    let place = written(span, source);
    let at = if span["is_primary"] == true {
        "-->"
    } else {
        "---"
    };
    let label = string(&span["label"]);
    let edit = span["suggested_replacement"].as_str();
    let edit = edit.map(|edit| format!(" => `{edit}`")).unwrap_or_default();
    indented(&format!("{at} {place}{edit} {label}"))
        .trim_end()
        .to_owned()
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| format!("    {line}"));
    lines.collect::<Vec<_>>().join("\n")
}
