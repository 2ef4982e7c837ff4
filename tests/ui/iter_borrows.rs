//! What an `iter!` borrows from its own variables across a `yield`, without `static`.

#![allow(unused)]

fn local_ref(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let s = String::from("a"); let r = &s; yield 1usize; yield r.len(); }
}

fn for_iter(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let v = vec![1usize]; for x in v.iter() { yield *x; } }
}

fn match_ref(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let v = vec![1usize]; match &v { r => { yield 1; yield r.len(); } } }
}

fn ref_pat(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let o = Some(String::new()); if let Some(ref x) = o { yield 1usize; yield x.len(); } }
}

fn closure_copy(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let n = 5usize; let c = || n + 1; yield 1; yield c(); }
}

fn mut_ref(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let mut n = 1usize; let r = &mut n; yield 1; *r += 1; yield n; }
}

fn extended(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let r = &String::from("x"); yield 1usize; yield r.len(); }
}

fn as_str(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let s = String::from("a"); let r = s.as_str(); yield 1usize; yield r.len(); }
}

fn captured(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let r = text.as_str(); yield 1usize; yield r.len(); }
}

fn guard(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let c = std::cell::RefCell::new(1usize); let g = c.borrow_mut(); yield 1;  }
}

fn scrutinee(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let s = String::from("a"); match s.as_str() { "a" => yield 1usize, other => { yield 2; yield other.len(); } } }
}

fn move_closure(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let s = String::new(); let r = &s; let c = move || r.len(); yield 1; yield c(); }
}

fn temp_arg(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let s = String::from("a"); yield std::cmp::max(s.as_str(), { yield 1usize; "b" }).len(); }
}

fn through_cell(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let s = String::new(); let c = std::cell::Cell::new(None); c.set(Some(&s)); yield 1; yield c.get().map_or(0, |s: &String| s.len()); }
}

fn pin(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let s = String::new(); let p = std::pin::pin!(s); yield 1; yield p.len(); }
}

fn nested_iter(text: String) -> impl Iterator<Item = usize> {
    coloop::iter! { let s = String::from("ab"); let g = coloop::iter! { yield s.len(); }; yield 1; yield_all!(g); let t = String::from("x"); let r = &t; let h = coloop::iter! { yield r.len(); }; yield_all!(h); }
}

fn main() {}
