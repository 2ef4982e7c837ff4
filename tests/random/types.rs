//! The types of a body: those of the differential harness, and what is built from them.
//!
//! *Invariant*: `Fut` and `Closure` have no name in Rust; they are types of variables only and never part of another.

use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    Unit,
    U32,
    Bool,
    Text,
    /// A value that records its drop.
    D,
    /// Two of them in fields.
    Pair,
    Opt(Box<Ty>),
    /// A `Result` with the error `E`.
    Res(Box<Ty>),
    Vec(Box<Ty>),
    Boxed(Box<Ty>),
    /// An array of two.
    Two(Box<Ty>),
    Tuple(Vec<Ty>),
    Ref(Box<Ty>),
    Mut(Box<Ty>),
    /// A future in a variable.
    Fut(Box<Ty>),
    /// A closure of a `u32` in a variable.
    Closure {
        result: Box<Ty>,
        call: Call,
    },
}

/// How a closure is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Shared,
    Unique,
    Once,
}

/// A part of a value that has a place of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    Field(usize),
    Deref,
}

impl Ty {
    pub fn opt(inner: Ty) -> Ty {
        Ty::Opt(Box::new(inner))
    }

    pub fn res(inner: Ty) -> Ty {
        Ty::Res(Box::new(inner))
    }

    pub fn vec(inner: Ty) -> Ty {
        Ty::Vec(Box::new(inner))
    }

    pub fn boxed(inner: Ty) -> Ty {
        Ty::Boxed(Box::new(inner))
    }

    pub fn two(inner: Ty) -> Ty {
        Ty::Two(Box::new(inner))
    }

    pub fn shared(inner: Ty) -> Ty {
        Ty::Ref(Box::new(inner))
    }

    pub fn unique(inner: Ty) -> Ty {
        Ty::Mut(Box::new(inner))
    }

    /// The places in a value, and their types.
    pub fn parts(&self) -> Vec<(Step, Ty)> {
        match self {
            Ty::Pair => vec![(Step::Field(0), Ty::D), (Step::Field(1), Ty::D)],
            Ty::Tuple(fields) => {
                let numbered = fields.iter().enumerate();
                numbered
                    .map(|(at, ty)| (Step::Field(at), ty.clone()))
                    .collect()
            }
            Ty::Boxed(inner) | Ty::Ref(inner) | Ty::Mut(inner) => {
                vec![(Step::Deref, (**inner).clone())]
            }
            _ => Vec::new(),
        }
    }

    /// The part behind a step.
    pub fn part(&self, step: Step) -> Option<Ty> {
        let found = self.parts().into_iter().find(|(found, _)| *found == step);
        found.map(|(_, ty)| ty)
    }

    /// How a field is written after the dot.
    pub fn field_name(&self, at: usize) -> String {
        match self {
            Ty::Pair => ["a", "b"][at].to_owned(),
            _ => at.to_string(),
        }
    }

    pub fn is_copy(&self) -> bool {
        match self {
            Ty::Unit | Ty::U32 | Ty::Bool | Ty::Ref(_) => true,
            Ty::Opt(inner) | Ty::Two(inner) | Ty::Res(inner) => inner.is_copy(),
            Ty::Tuple(fields) => fields.iter().all(Ty::is_copy),
            _ => false,
        }
    }

    /// Whether values of it may borrow.
    pub fn borrows(&self) -> bool {
        match self {
            Ty::Ref(_) | Ty::Mut(_) | Ty::Fut(_) | Ty::Closure { .. } => true,
            Ty::Opt(inner)
            | Ty::Res(inner)
            | Ty::Vec(inner)
            | Ty::Boxed(inner)
            | Ty::Two(inner) => inner.borrows(),
            Ty::Tuple(fields) => fields.iter().any(Ty::borrows),
            _ => false,
        }
    }

    /// Whether a borrow in a value of it lasts to the end of the value, used or not.
    pub fn borrows_in_drop(&self) -> bool {
        matches!(self, Ty::Fut(_))
    }

    pub fn has_debug(&self) -> bool {
        !matches!(self, Ty::Fut(_) | Ty::Closure { .. } | Ty::Unit)
    }

    /// The shortest expression, with a number that tells it from others.
    pub fn leaf(&self, id: u32) -> String {
        match self {
            Ty::Unit => "()".to_owned(),
            Ty::U32 => format!("t.n({id})"),
            Ty::Bool if id % 2 == 0 => format!("t.yes({id})"),
            Ty::Bool => format!("t.no({id})"),
            Ty::Text => format!("String::from(\"s{id}\")"),
            Ty::D => format!("t.d({id})"),
            Ty::Pair => format!("Pair {{ a: t.d({id}), b: t.d({id}) }}"),
            Ty::Opt(inner) => format!("Some({})", inner.leaf(id)),
            Ty::Res(inner) => format!("Ok::<{inner}, E>({})", inner.leaf(id)),
            Ty::Vec(inner) => format!("vec![{}]", inner.leaf(id)),
            Ty::Boxed(inner) => format!("Box::new({})", inner.leaf(id)),
            Ty::Two(inner) => format!("[{0}, {0}]", inner.leaf(id)),
            Ty::Tuple(fields) => {
                let fields: Vec<String> = fields.iter().map(|field| field.leaf(id)).collect();
                format!("({})", fields.join(", "))
            }
            Ty::Ref(inner) => format!("&{}", inner.leaf(id)),
            Ty::Mut(inner) => format!("&mut {}", inner.leaf(id)),
            Ty::Fut(inner) => format!("t.later({id}, {})", inner.leaf(id)),
            Ty::Closure { result, .. } => format!("|n: u32| {}", result.leaf(id)),
        }
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ty::Unit => f.write_str("()"),
            Ty::U32 => f.write_str("u32"),
            Ty::Bool => f.write_str("bool"),
            Ty::Text => f.write_str("String"),
            Ty::D => f.write_str("D"),
            Ty::Pair => f.write_str("Pair"),
            Ty::Opt(inner) => write!(f, "Option<{inner}>"),
            Ty::Res(inner) => write!(f, "Result<{inner}, E>"),
            Ty::Vec(inner) => write!(f, "Vec<{inner}>"),
            Ty::Boxed(inner) => write!(f, "Box<{inner}>"),
            Ty::Two(inner) => write!(f, "[{inner}; 2]"),
            Ty::Tuple(fields) => {
                let fields: Vec<String> = fields.iter().map(Ty::to_string).collect();
                write!(f, "({})", fields.join(", "))
            }
            Ty::Ref(inner) => write!(f, "&{inner}"),
            Ty::Mut(inner) => write!(f, "&mut {inner}"),
            Ty::Fut(_) | Ty::Closure { .. } => f.write_str("_"),
        }
    }
}
