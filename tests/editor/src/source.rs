//! Places in the sample, by what stands there.

use crate::server::Position;

pub struct Source {
    pub text: String,
}

impl Source {
    pub fn new(text: String) -> Self {
        Source { text }
    }

    /// Where a piece of a line begins, in the function that a line begins; panics if there is none, as the sample has it.
    pub fn find(&self, function: &str, line: &str, piece: &str) -> Position {
        let lines = self.text.lines().enumerate();
        let mut lines = lines.skip_while(|(_, text)| !text.contains(function));
        let (number, text) = lines
            .find(|(_, text)| text.contains(line))
            .unwrap_or_else(|| panic!("`{line}` stands in `{function}`"));
        let from = text.find(line).unwrap_or_default();
        let piece = line.find(piece).expect("the line has the piece");
        Position {
            line: number as u64,
            column: (from + piece) as u64,
        }
    }

    /// The text with a line put before another one, and the end of what is put there.
    pub fn with(&self, function: &str, line: &str, new: &str) -> (String, Position) {
        let at = self.find(function, line, line);
        let mut lines: Vec<&str> = self.text.lines().collect();
        let index = usize::try_from(at.line).unwrap_or_default();
        lines.insert(index, new);
        let end = Position {
            line: at.line,
            column: new.trim_end().len() as u64,
        };
        (lines.join("\n") + "\n", end)
    }
}
