//! What rustc's borrow checker would know at the point that is being generated.
//!
//! *Input*: declarations and accesses, in the order of evaluation. *Output*: which variables are visible, and whether an
//! access is allowed. *Invariant*: what is allowed here, rustc accepts; the reverse does not hold, this is coarser.
//!
//! A *barrier* is a region whose outside has to stay as it is: the body of a loop, which may run again; of a closure or
//! an async block, which captures; a guard. A block that leaves a loop *lifts* the loop's barrier.

use std::collections::{BTreeMap, BTreeSet};

use crate::types::{Step, Ty};

pub type VarId = usize;

#[derive(Clone, Debug)]
pub struct Var {
    pub name: String,
    pub ty: Ty,
    pub mutable: bool,
    /// How many barriers were around it.
    barriers: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub var: VarId,
    pub path: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Copies.
    Read,
    Share,
    Unique,
    Move,
    Assign,
}

/// A borrow that is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Borrow {
    pub place: Place,
    pub unique: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Var(VarId),
    /// An operand of an expression that is not complete.
    Operand(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Loan {
    holder: Holder,
    borrow: Borrow,
}

/// What depends on the way that control has come.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The parts that hold nothing, or may hold nothing.
    lost: BTreeMap<VarId, BTreeSet<Vec<Step>>>,
    /// Variables that must not be used: what they borrowed has been used otherwise.
    dead: BTreeSet<VarId>,
    /// Variables that may have been given a value.
    assigned: BTreeSet<VarId>,
    loans: Vec<Loan>,
}

impl State {
    /// What is known where two ways meet.
    pub fn merge(&mut self, other: State) {
        for (var, paths) in other.lost {
            self.lost.entry(var).or_default().extend(paths);
        }
        self.dead.extend(other.dead);
        self.assigned.extend(other.assigned);
        for loan in other.loans {
            if !self.loans.contains(&loan) {
                self.loans.push(loan);
            }
        }
    }

    /// Whether everything of the variables before `from` that is there in `self` is still there in `later`.
    fn is_kept_by(&self, later: &State, from: VarId) -> bool {
        let lost = later.lost.range(..from).all(|(var, paths)| {
            let before = self.lost.get(var);
            paths
                .iter()
                .all(|path| before.is_some_and(|before| before.contains(path)))
        });
        let dead = later.dead.range(..from).all(|var| self.dead.contains(var));
        let assigned = later.assigned.range(..from);
        lost && dead && assigned.into_iter().all(|var| self.assigned.contains(var))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    Loop,
    /// A closure or an async block; with `move` or without.
    Capture {
        moves: bool,
    },
    /// A guard, which only looks.
    Guard,
}

#[derive(Clone, Debug)]
struct Barrier {
    region: Region,
    /// The variables before this one are outside.
    from: VarId,
    entry: State,
    lifted: bool,
    /// The variables outside that were used, and whether uniquely.
    used: BTreeMap<VarId, bool>,
    /// Whether one of them was moved out of.
    moved_out: bool,
}

/// What a closure or an async block has captured.
#[derive(Debug)]
pub struct Captures {
    pub borrows: Vec<Borrow>,
    /// Whether something was borrowed uniquely.
    pub unique: bool,
    /// Whether running it again is not possible.
    pub once: bool,
}

/// A point to go back to.
#[derive(Debug)]
pub struct Saved {
    state: State,
    declared: usize,
}

#[derive(Debug, Default)]
pub struct Scope {
    pub vars: Vec<Var>,
    open: Vec<Vec<VarId>>,
    barriers: Vec<Barrier>,
    /// Variables that may be moved although they are outside of a loop, since they are given a value again in it; and
    /// how many barriers this holds for.
    thawed: Vec<(VarId, usize)>,
    pub state: State,
    operands: usize,
}

/// Blocks and variables.
impl Scope {
    pub fn enter(&mut self) {
        self.open.push(Vec::new());
    }

    pub fn leave(&mut self) {
        for var in self.open.pop().expect("a scope is open") {
            self.release(Holder::Var(var));
            let holders: Vec<VarId> = self.holders_of(var);
            self.state.dead.extend(holders);
            self.state.loans.retain(|loan| loan.borrow.place.var != var);
        }
    }

    fn holders_of(&self, var: VarId) -> Vec<VarId> {
        let loans = self.state.loans.iter();
        let on_it = loans.filter(|loan| loan.borrow.place.var == var);
        on_it
            .filter_map(|loan| match loan.holder {
                Holder::Var(holder) => Some(holder),
                Holder::Operand(_) => None,
            })
            .collect()
    }

    pub fn declare(&mut self, name: &str, ty: &Ty, mutable: bool, borrows: Vec<Borrow>) -> VarId {
        let var = self.vars.len();
        self.vars.push(Var {
            name: name.to_owned(),
            ty: ty.clone(),
            mutable,
            barriers: self.barriers.len(),
        });
        self.open.last_mut().expect("a scope is open").push(var);
        self.state.assigned.insert(var);
        self.hold(Holder::Var(var), borrows);
        var
    }

    /// What `restore` goes back to.
    pub fn save(&self) -> Saved {
        Saved {
            state: self.state.clone(),
            declared: self.open.last().map_or(0, Vec::len),
        }
    }

    /// Forgets what was declared and done since, in the block that is open.
    pub fn restore(&mut self, saved: Saved) {
        self.state = saved.state;
        if let Some(open) = self.open.last_mut() {
            open.truncate(saved.declared);
        }
    }

    pub fn declare_without_value(&mut self, name: &str, ty: &Ty, mutable: bool) -> VarId {
        let var = self.declare(name, ty, mutable, Vec::new());
        self.state.assigned.remove(&var);
        self.state.lost.entry(var).or_default().insert(Vec::new());
        var
    }

    /// The variables that names mean here, the innermost first.
    pub fn visible(&self) -> Vec<VarId> {
        let mut names = BTreeSet::new();
        let all = self.open.iter().rev().flat_map(|vars| vars.iter().rev());
        all.copied()
            .filter(|var| names.insert(&self.vars[*var].name))
            .collect()
    }

    pub fn ty(&self, place: &Place) -> Ty {
        let start = self.vars[place.var].ty.clone();
        let step = |ty: Ty, step: &Step| ty.part(*step).expect("a place of this type");
        place.path.iter().fold(start, step)
    }

    /// Every place in the visible variables.
    pub fn places(&self) -> Vec<(Place, Ty)> {
        let mut found = Vec::new();
        for var in self.visible() {
            let place = Place {
                var,
                path: Vec::new(),
            };
            add_places(&mut found, place, self.vars[var].ty.clone(), 3);
        }
        found
    }
}

fn add_places(found: &mut Vec<(Place, Ty)>, place: Place, ty: Ty, levels: usize) {
    if levels > 0 {
        for (step, part) in ty.parts() {
            let mut path = place.path.clone();
            path.push(step);
            let var = place.var;
            add_places(found, Place { var, path }, part, levels - 1);
        }
    }
    found.push((place, ty));
}

/// Borrows.
impl Scope {
    fn hold(&mut self, holder: Holder, borrows: Vec<Borrow>) {
        let loans = borrows.into_iter().map(|borrow| Loan { holder, borrow });
        self.state.loans.extend(loans);
    }

    fn release(&mut self, holder: Holder) {
        self.state.loans.retain(|loan| loan.holder != holder);
    }

    /// Keeps borrows until the operand is released.
    pub fn hold_operand(&mut self, borrows: &[Borrow]) -> usize {
        self.operands += 1;
        self.hold(Holder::Operand(self.operands), borrows.to_vec());
        self.operands
    }

    pub fn release_operand(&mut self, operand: usize) {
        self.release(Holder::Operand(operand));
    }

    /// The variable's value was replaced by one that borrows this.
    pub fn hold_in(&mut self, var: VarId, borrows: Vec<Borrow>) {
        self.hold(Holder::Var(var), borrows);
    }

    pub fn borrows_of(&self, var: VarId) -> Vec<Borrow> {
        let held = self.state.loans.iter();
        let held = held.filter(|loan| loan.holder == Holder::Var(var));
        held.map(|loan| loan.borrow.clone()).collect()
    }

    /// What a reference to this place borrows.
    pub fn borrows_by(&self, place: &Place, unique: bool) -> Vec<Borrow> {
        let mut borrows = self.borrows_of(place.var);
        if !self.goes_through(place, |ty| matches!(ty, Ty::Ref(_))) {
            borrows.push(Borrow {
                place: place.clone(),
                unique,
            });
        }
        borrows
    }

    /// Whether a reference of some kind is followed on the way to the place.
    fn goes_through(&self, place: &Place, kind: impl Fn(&Ty) -> bool) -> bool {
        (0..place.path.len()).any(|end| {
            let place = Place {
                var: place.var,
                path: place.path[..end].to_vec(),
            };
            kind(&self.ty(&place))
        })
    }
}

/// Accesses.
impl Scope {
    /// Whether this can be done now.
    pub fn allows(&self, place: &Place, access: Access) -> bool {
        self.ends(place, access).is_some()
    }

    /// Does it. What it ends is not used again.
    pub fn access(&mut self, place: &Place, access: Access) {
        let ends = self.ends(place, access).expect("asked before");
        for holder in ends {
            self.state.dead.insert(holder);
            self.release(Holder::Var(holder));
        }
        let moves = access == Access::Move && !self.ty(place).is_copy();
        for barrier in self.barriers.iter_mut().filter(|b| place.var < b.from) {
            let unique = barrier.used.entry(place.var).or_default();
            *unique |= matches!(access, Access::Unique | Access::Assign);
            barrier.moved_out |= moves;
        }
        if moves {
            let lost = self.state.lost.entry(place.var).or_default();
            lost.insert(place.path.clone());
            if place.path.is_empty() {
                self.release(Holder::Var(place.var));
            }
        }
        if access == Access::Assign {
            self.give(place);
        }
    }

    fn give(&mut self, place: &Place) {
        if let Some(lost) = self.state.lost.get_mut(&place.var) {
            lost.retain(|path| !path.starts_with(&place.path));
        }
        self.state.assigned.insert(place.var);
        if place.path.is_empty() {
            self.state.dead.remove(&place.var);
            self.release(Holder::Var(place.var));
        }
    }

    /// The variables that must not be used after this access; none if it cannot be made.
    fn ends(&self, place: &Place, access: Access) -> Option<Vec<VarId>> {
        let whole = place.path.is_empty();
        let replaces = access == Access::Assign && whole;
        let dead = self.state.dead.contains(&place.var) && !replaces;
        let copies = access == Access::Move && self.ty(place).is_copy();
        let access = if copies { Access::Read } else { access };
        let allowed = !dead
            && self.holds(place, access)
            && self.kind_allows(place, access)
            && self.barriers_allow(place, access);
        if allowed {
            self.ended_borrows(place, access)
        } else {
            None
        }
    }

    fn holds(&self, place: &Place, access: Access) -> bool {
        let Some(lost) = self.state.lost.get(&place.var) else {
            return true;
        };
        lost.iter().all(|lost| match access {
            Access::Assign => lost.len() >= place.path.len() || !place.path.starts_with(lost),
            _ => !place.path.starts_with(lost) && !lost.starts_with(&place.path),
        })
    }

    /// What the variable's declaration and the references on the way allow.
    fn kind_allows(&self, place: &Place, access: Access) -> bool {
        let var = &self.vars[place.var];
        let shared = self.goes_through(place, |ty| matches!(ty, Ty::Ref(_)));
        let unique = self.goes_through(place, |ty| matches!(ty, Ty::Mut(_)));
        match access {
            Access::Read | Access::Share => true,
            Access::Unique => !shared && (var.mutable || unique),
            Access::Move => !shared && !unique,
            Access::Assign if var.mutable || unique => !shared,
            Access::Assign => {
                let empty = [Vec::new()].into();
                place.path.is_empty()
                    && self.state.lost.get(&place.var) == Some(&empty)
                    && !self.state.assigned.contains(&place.var)
                    && !self.is_outside(place.var)
            }
        }
    }

    fn barriers_allow(&self, place: &Place, access: Access) -> bool {
        let around = self.barriers.iter().enumerate();
        let around = around.filter(|(_, barrier)| place.var < barrier.from);
        let takes = access == Access::Move;
        let mut inner = around.rev();
        inner.all(|(at, barrier)| match barrier.region {
            Region::Loop => !takes || barrier.lifted || self.is_thawed(place.var, at),
            Region::Guard => matches!(access, Access::Read | Access::Share),
            // What is assigned is borrowed, so it has to be there.
            Region::Capture { moves: false } if access == Access::Assign => {
                let lost = barrier.entry.lost.get(&place.var);
                lost.is_none_or(BTreeSet::is_empty)
            }
            Region::Capture { moves: false } => !takes,
            Region::Capture { moves: true } => self.can_move_in(place, at),
        })
    }

    /// Whether the barrier's closure can take the variable with it. A part of one is a documented limit.
    fn can_move_in(&self, place: &Place, barrier: usize) -> bool {
        let ty = &self.vars[place.var].ty;
        if ty.is_copy() {
            return place.path.iter().all(|step| *step == Step::Deref);
        }
        let outer = self.barriers[..barrier].iter();
        let fixed = outer.filter(|outer| place.var < outer.from && !outer.lifted);
        let entry = &self.barriers[barrier].entry;
        let is_borrowed = |loan: &Loan| loan.borrow.place.var == place.var;
        let is_lost = |lost: &BTreeSet<_>| !lost.is_empty();
        place.path.is_empty()
            && fixed.count() == 0
            && !entry.loans.iter().any(is_borrowed)
            && !entry.lost.get(&place.var).is_some_and(is_lost)
    }

    /// The holders whose borrows this access ends; none if there is one that cannot be ended.
    fn ended_borrows(&self, place: &Place, access: Access) -> Option<Vec<VarId>> {
        let looks = matches!(access, Access::Read | Access::Share);
        let overlaps = |borrow: &Borrow| {
            let (a, b) = (&borrow.place.path, &place.path);
            borrow.place.var == place.var && (a.starts_with(b) || b.starts_with(a))
        };
        let conflicts = self.state.loans.iter();
        let conflicts = conflicts.filter(|loan| overlaps(&loan.borrow));
        let mut ended = Vec::new();
        for loan in conflicts.filter(|loan| !looks || loan.borrow.unique) {
            match loan.holder {
                Holder::Var(holder) if self.can_end(holder) => ended.push(holder),
                _ => return None,
            }
        }
        Some(ended)
    }

    fn can_end(&self, holder: VarId) -> bool {
        !self.vars[holder].ty.borrows_in_drop() && !self.is_outside(holder)
    }

    /// Whether the variable is outside of a region that has to leave it as it is.
    fn is_outside(&self, var: VarId) -> bool {
        let mut around = self.barriers.iter();
        around.any(|barrier| var < barrier.from && !barrier.lifted)
    }

    fn is_thawed(&self, var: VarId, barrier: usize) -> bool {
        let mut thawed = self.thawed.iter();
        thawed.any(|(thawed, barriers)| *thawed == var && barrier < *barriers)
    }
}

/// Barriers.
impl Scope {
    pub fn begin(&mut self, region: Region) {
        self.barriers.push(Barrier {
            region,
            from: self.vars.len(),
            entry: self.state.clone(),
            lifted: false,
            used: BTreeMap::new(),
            moved_out: false,
        });
    }

    pub fn end(&mut self) {
        self.barriers.pop().expect("a region has begun");
    }

    /// Ends a closure or an async block: control has not been there yet, but what it uses is captured.
    pub fn end_capture(&mut self) -> Captures {
        let barrier = self.barriers.pop().expect("a region has begun");
        self.state = barrier.entry;
        let moves = barrier.region == Region::Capture { moves: true };
        let mut borrows = Vec::new();
        for (var, unique) in &barrier.used {
            borrows.extend(self.borrows_of(*var));
            let path = Vec::new();
            let place = Place { var: *var, path };
            let unique = *unique;
            match moves {
                true if self.vars[*var].ty.is_copy() => {}
                true => self.access(&place, Access::Move),
                false => borrows.push(Borrow { place, unique }),
            }
        }
        Captures {
            borrows,
            unique: barrier.used.values().any(|unique| *unique),
            once: barrier.moved_out,
        }
    }

    pub fn barriers(&self) -> usize {
        self.barriers.len()
    }

    /// Whether the place would be moved out of a loop.
    pub fn crosses_no_barrier(&self, var: VarId) -> bool {
        self.vars[var].barriers == self.barriers.len()
    }

    /// Lifts the loops after the first `keep` barriers; gives what `lower` takes.
    pub fn lift(&mut self, keep: usize) -> Vec<bool> {
        let before = self.barriers.iter().map(|barrier| barrier.lifted).collect();
        for barrier in &mut self.barriers[keep..] {
            barrier.lifted |= barrier.region == Region::Loop;
        }
        before
    }

    pub fn lower(&mut self, before: Vec<bool>) {
        for (barrier, lifted) in self.barriers.iter_mut().zip(before) {
            barrier.lifted = lifted;
        }
    }

    /// Lets the variable be moved in the loops around; it has to be given a value before control goes on.
    pub fn thaw(&mut self, var: VarId) {
        self.thawed.push((var, self.barriers.len()));
    }

    pub fn freeze(&mut self) {
        self.thawed.pop();
    }

    /// Whether a jump that stays inside of the first `remaining` barriers leaves their loops what they need.
    pub fn can_jump(&self, remaining: usize) -> bool {
        self.barriers[..remaining].iter().all(|barrier| {
            barrier.region != Region::Loop || barrier.entry.is_kept_by(&self.state, barrier.from)
        })
    }
}
