//! Patterns: their text, and the variables that they declare.

use super::{Generator, NAMES};
use crate::features::Feature;
use crate::scope::{Access, Borrow, Place};
use crate::types::{Step, Ty};

/// How a pattern sees the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Owned,
    /// Through a reference: names are references too.
    Shared,
    Unique,
}

/// What is matched.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) ty: Ty,
    pub(super) mode: Mode,
    /// The place, if it is one and not a value of its own.
    pub(super) place: Option<Place>,
    /// What references into it borrow.
    pub(super) borrows: Vec<Borrow>,
}

#[derive(Debug)]
struct Binding {
    name: &'static str,
    ty: Ty,
    mutable: bool,
    /// The part of the subject's place, as far as it is one.
    path: Vec<Step>,
    access: Access,
}

#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) text: String,
    bindings: Vec<Binding>,
}

/// A pattern that is being made.
struct Draft<'s> {
    subject: &'s Subject,
    refutable: bool,
    /// Whether names can be bound.
    binds: bool,
    /// Inside of an enum or array, of which no part is a place: what every name there does.
    inside: Option<Access>,
    bindings: Vec<Binding>,
}

impl Generator<'_> {
    pub(super) fn pattern(&mut self, subject: &Subject, refutable: bool) -> Pattern {
        let mut draft = Draft {
            subject,
            refutable,
            binds: true,
            inside: None,
            bindings: Vec::new(),
        };
        let text = self.draw(&mut draft, &subject.ty, &[], 3);
        let bindings = draft.bindings;
        Pattern { text, bindings }
    }

    /// Declares the names of a pattern that has matched.
    pub(super) fn bind(&mut self, pattern: Pattern, subject: &Subject) {
        let mut done = Vec::new();
        let mut declared = Vec::new();
        for binding in pattern.bindings {
            let borrows = self.bound(&binding, subject, &mut done);
            declared.push((binding, borrows));
        }
        for (binding, borrows) in declared {
            self.scope
                .declare(binding.name, &binding.ty, binding.mutable, borrows);
        }
    }

    /// Does what binding a name does to the subject; gives what the name's value borrows.
    fn bound(
        &mut self,
        binding: &Binding,
        subject: &Subject,
        done: &mut Vec<(Vec<Step>, Access)>,
    ) -> Vec<Borrow> {
        let Some(place) = &subject.place else {
            return if binding.ty.borrows() {
                subject.borrows.clone()
            } else {
                Vec::new()
            };
        };
        let mut place = place.clone();
        place.path.extend(&binding.path);
        let held = self.scope.borrows_of(place.var);
        let key = (binding.path.clone(), binding.access);
        if !done.contains(&key) {
            self.scope.access(&place, binding.access);
            done.push(key);
        }
        match binding.access {
            Access::Share => self.scope.borrows_by(&place, false),
            Access::Unique => self.scope.borrows_by(&place, true),
            _ if binding.ty.borrows() => held,
            _ => Vec::new(),
        }
    }

    fn draw(&mut self, draft: &mut Draft, ty: &Ty, path: &[Step], levels: usize) -> String {
        let leaf = levels == 0 || self.chance(25);
        if leaf {
            return self.leaf_pattern(draft, ty, path);
        }
        if draft.refutable {
            if let Some(text) = self.refutable_pattern(draft, ty, path, levels) {
                return text;
            }
        }
        match ty {
            Ty::Pair => self.pair_pattern(draft, path, levels),
            Ty::Tuple(fields) => {
                let parts = fields.iter().enumerate();
                let parts = parts.map(|(at, ty)| (at, ty.clone())).collect();
                self.sequence("(", parts, ")", draft, path, levels)
            }
            Ty::Two(inner) if self.has(Feature::ArrayPattern) => {
                self.inside(draft, path, |generator, draft| {
                    let parts = vec![(None, (**inner).clone()), (None, (**inner).clone())];
                    generator.elements("[", parts, "]", draft, path, levels)
                })
            }
            Ty::Res(inner) if **inner == Ty::U32 && self.has(Feature::OrPattern) => {
                self.either_number(draft, path)
            }
            _ => self.leaf_pattern(draft, ty, path),
        }
    }

    /// `_` or a name.
    fn leaf_pattern(&mut self, draft: &mut Draft, ty: &Ty, path: &[Step]) -> String {
        let wild = "_".to_owned();
        if !draft.binds || self.chance(20) {
            return wild;
        }
        let free = |name: &&str| draft.bindings.iter().all(|binding| binding.name != *name);
        let names: Vec<&'static str> = NAMES.into_iter().filter(free).collect();
        let (Some(name), Some(access)) = (self.pick(names), self.binding_access(draft, path))
        else {
            return wild;
        };
        let mutable =
            access == Access::Move && draft.subject.mode == Mode::Owned && self.chance(40);
        let at = self.at(draft, ty);
        let (before, bound) = match (access, draft.subject.mode) {
            (Access::Share, Mode::Owned) => ("ref ", Ty::shared(ty.clone())),
            (Access::Unique, Mode::Owned) => ("ref mut ", Ty::unique(ty.clone())),
            (Access::Share, _) => ("", Ty::shared(ty.clone())),
            (Access::Unique, _) => ("", Ty::unique(ty.clone())),
            _ if mutable => ("mut ", ty.clone()),
            _ => ("", ty.clone()),
        };
        draft.bindings.push(Binding {
            name,
            ty: bound,
            mutable,
            path: path.to_vec(),
            access,
        });
        format!("{before}{name}{at}")
    }

    /// What comes after a name: nothing, or a pattern without names.
    fn at(&mut self, draft: &mut Draft, ty: &Ty) -> String {
        if !self.has(Feature::AtPattern) || !self.chance(12) {
            return String::new();
        }
        match ty {
            Ty::Opt(_) if draft.refutable => " @ Some(_)".to_owned(),
            Ty::U32 if draft.refutable => " @ 0..=9".to_owned(),
            Ty::Tuple(_) => " @ (..)".to_owned(),
            Ty::Pair => " @ Pair { .. }".to_owned(),
            _ => String::new(),
        }
    }

    /// How a name at this part can bind.
    fn binding_access(&mut self, draft: &Draft, path: &[Step]) -> Option<Access> {
        match draft.subject.mode {
            Mode::Shared => return Some(Access::Share),
            Mode::Unique => return Some(Access::Unique),
            Mode::Owned => {}
        }
        let mut choices = vec![Access::Move, Access::Move, Access::Move];
        if self.has(Feature::RefPattern) {
            choices.extend([Access::Share, Access::Unique]);
        }
        if let Some(access) = draft.inside {
            choices = vec![access];
        }
        if let Some(place) = &draft.subject.place {
            let mut place = place.clone();
            place.path.extend(path);
            choices.retain(|access| self.scope.allows(&place, *access));
            let partial = self.has(Feature::PartialMove) || place.path.is_empty();
            choices.retain(|access| partial || *access != Access::Move);
        }
        self.pick(choices)
    }

    /// Patterns in an enum or array, which is accessed as a whole.
    fn inside(
        &mut self,
        draft: &mut Draft,
        path: &[Step],
        draw: impl FnOnce(&mut Self, &mut Draft) -> String,
    ) -> String {
        let (outer, binds) = (draft.inside, draft.binds);
        if draft.subject.place.is_some() && outer.is_none() && binds {
            draft.inside = self.binding_access(draft, path);
            draft.binds &= draft.inside.is_some();
        }
        let text = draw(self, draft);
        (draft.inside, draft.binds) = (outer, binds);
        text
    }

    fn refutable_pattern(
        &mut self,
        draft: &mut Draft,
        ty: &Ty,
        path: &[Step],
        levels: usize,
    ) -> Option<String> {
        let text = match ty {
            Ty::Opt(inner) if self.chance(75) => self.inside(draft, path, |generator, draft| {
                format!("Some({})", generator.draw(draft, inner, path, levels - 1))
            }),
            Ty::Opt(_) => "None".to_owned(),
            Ty::Res(inner) if self.chance(70) => self.inside(draft, path, |generator, draft| {
                format!("Ok({})", generator.draw(draft, inner, path, levels - 1))
            }),
            Ty::Res(_) => self.inside(draft, path, |generator, draft| {
                format!("Err(E({}))", generator.draw(draft, &Ty::U32, path, 0))
            }),
            Ty::U32 => ["1 | 2 | 3", "0..=4", "7", "5.."][self.rng.usize(..4)].to_owned(),
            Ty::Bool => self.rng.bool().to_string(),
            _ => return None,
        };
        Some(text)
    }

    /// `Ok(n) | Err(E(n))`
    fn either_number(&mut self, draft: &mut Draft, path: &[Step]) -> String {
        let count = draft.bindings.len();
        let outer = self.without_mut(draft, path);
        if draft.bindings.len() == count {
            return "(Ok(_) | Err(_))".to_owned();
        }
        format!("(Ok({outer}) | Err(E({outer})))")
    }

    /// A name of a number.
    fn without_mut(&mut self, draft: &mut Draft, path: &[Step]) -> String {
        let refutable = std::mem::replace(&mut draft.refutable, false);
        let text = self.inside(draft, path, |generator, draft| {
            generator.leaf_pattern(draft, &Ty::U32, path)
        });
        draft.refutable = refutable;
        text
    }

    /// The fields by name, the second one left out at times.
    fn pair_pattern(&mut self, draft: &mut Draft, path: &[Step], levels: usize) -> String {
        let mut parts = Vec::new();
        for (at, field) in ["a", "b"].into_iter().enumerate() {
            if self.chance(20) {
                parts.push("..".to_owned());
                break;
            }
            let mut path = path.to_vec();
            if draft.inside.is_none() {
                path.push(Step::Field(at));
            }
            let text = self.draw(draft, &Ty::D, &path, levels - 1);
            let short = text == field && !draft.bindings.is_empty();
            parts.push(if short {
                text
            } else {
                format!("{field}: {text}")
            });
        }
        format!("Pair {{ {} }}", parts.join(", "))
    }

    fn sequence(
        &mut self,
        start: &str,
        parts: Vec<(usize, Ty)>,
        end: &str,
        draft: &mut Draft,
        path: &[Step],
        levels: usize,
    ) -> String {
        let parts = parts.into_iter().map(|(at, ty)| (Some(at), ty)).collect();
        self.elements(start, parts, end, draft, path, levels)
    }

    /// Patterns of elements, those that are places of their own with their number.
    fn elements(
        &mut self,
        start: &str,
        parts: Vec<(Option<usize>, Ty)>,
        end: &str,
        draft: &mut Draft,
        path: &[Step],
        levels: usize,
    ) -> String {
        let mut texts = Vec::new();
        for (at, ty) in parts {
            if !texts.is_empty() && self.chance(15) {
                texts.push("..".to_owned());
                break;
            }
            let mut path = path.to_vec();
            if draft.inside.is_none() {
                path.extend(at.map(Step::Field));
            }
            texts.push(self.draw(draft, &ty, &path, levels - 1));
        }
        format!("{start}{}{end}", texts.join(", "))
    }
}
