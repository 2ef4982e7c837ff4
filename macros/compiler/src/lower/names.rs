//! Which name means which variable, at the point that lowering has reached.

use std::collections::HashMap;

use crate::ir::{CaptureId, VarId};

/// What a name means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// A variable that the compiler tracks.
    Tracked(VarId),
    /// A binding inside code that is not taken apart.
    Plain,
}

/// The names in force, innermost last.
#[derive(Debug, Default)]
pub struct Names {
    frames: Vec<HashMap<String, Meaning>>,
    /// The outermost closure or async block around this point, if there is one.
    pub capture: Option<CaptureId>,
    /// Whether this point is in a macro that has a scope to return from.
    pub scoped: bool,
    /// Whether what is lowered is the base of a part of a variable.
    pub of_part: bool,
    /// How many conditions stand between this point and its statement.
    pub conditions: usize,
}

impl Names {
    /// Whether `return` and `?` here are left to rustc: they leave a closure, or a scope of a macro.
    pub fn returns_natively(&self) -> bool {
        self.capture.is_some() || self.scoped
    }

    /// Begins a region of names.
    pub fn push(&mut self) {
        self.frames.push(HashMap::new());
    }

    /// Ends the innermost region.
    pub fn pop(&mut self) {
        self.frames.pop();
    }

    /// Binds a name in the innermost region.
    pub fn bind(&mut self, name: &str, meaning: Meaning) {
        if let Some(frame) = self.frames.last_mut() {
            frame.insert(name.to_owned(), meaning);
        }
    }

    /// The tracked variable of a name.
    pub fn tracked(&self, name: &str) -> Option<VarId> {
        match self.frames.iter().rev().find_map(|frame| frame.get(name))? {
            Meaning::Tracked(var) => Some(*var),
            Meaning::Plain => None,
        }
    }
}
