//! The variables of the environment: all of them move in.

use std::cell::RefCell;
use std::rc::Rc;

use crate::harness::Pair;
use crate::stream::{all, poll};

same_items! {
    fn values_move_in(t: Trace) {
        let d = t.d(1);
    } gives {
        yield d.id();
        t.op(2);
    }
}

same_items! {
    /// dropped when the generator has ended, before its owner drops it
    fn values_are_dropped_at_the_end(t: Trace) {
        let (a, b, c) = (t.d(1), t.d(2), t.d(3));
    } gives {
        yield a.id();
        let local = t.d(4);
        yield b.id() + c.id();
    }
}

same_items! {
    fn values_are_dropped_by_an_early_return(t: Trace) {
        let d = t.d(1);
    } gives {
        let local = t.d(2);
        yield d.id();
        if t.yes(3) {
            return;
        }
        yield local.id();
    }
}

same_items! {
    fn values_that_are_not_used_are_not_moved_in(t: Trace) {
        let outside = t.d(1);
        let inside = t.d(2);
    } gives {
        yield inside.id();
    }
}

same_items! {
    fn values_that_are_yielded_leave(t: Trace) {
        let (a, b) = (t.d(1), t.d(2));
    } gives {
        yield a;
        t.op(3);
        yield b;
    }
}

same_items! {
    fn values_that_are_consumed_in_a_branch(t: Trace) {
        let (a, b) = (t.d(1), t.d(2));
    } gives {
        if t.yes(3) {
            yield a.by_value();
        } else {
            yield b.by_value();
        }
        t.op(4);
    }
}

same_items! {
    fn values_that_are_consumed_by_an_await(t: Trace) {
        let d = t.d(1);
    } gives {
        yield 1;
        yield d.by_value_wait().await;
        t.op(2);
    }
}

same_items! {
    fn a_vector_is_consumed_by_a_loop(t: Trace) {
        let v = vec![t.d(1), t.d(2), t.d(3)];
    } gives {
        for d in v {
            yield d;
        }
        t.op(4);
    }
}

same_items! {
    fn a_vector_is_borrowed_by_a_loop(t: Trace) {
        let v = vec![t.d(1), t.d(2)];
    } gives {
        for d in &v {
            yield d.id();
        }
        yield v.len() as u32;
    }
}

same_items! {
    fn mutable_variables_stay_mutable(t: Trace) {
        let mut d = t.d(1);
        let mut n = 5;
    } gives {
        while n < 8 {
            n += 1;
            d.set(n);
            yield d.id();
        }
    }
}

same_items! {
    fn both_fields_of_a_struct(t: Trace) {
        let pair = Pair { a: t.d(1), b: t.d(2) };
    } gives {
        yield pair.b;
        yield pair.a;
        t.op(3);
    }
}

same_items! {
    fn by_an_async_block_inside(t: Trace) {
        let d = t.d(1);
    } gives {
        let later = async {
            t.wait(2, 1).await;
            d.id()
        };
        yield 0;
        yield later.await;
    }
}

same_items! {
    fn by_a_closure_inside(t: Trace) {
        let d = t.d(1);
    } gives {
        let id = |n: u32| d.id() + n;
        yield id(10);
        yield id(20);
    }
}

same_items! {
    fn in_a_macro(t: Trace) {
        let (a, b) = (t.d(1), t.d(2));
    } gives {
        assert_ne!(a, b);
        let text = format!("{a:?} {:?}", b);
        yield text;
        yield format!("{b:?}");
    }
}

same_items! {
    fn as_the_subject_of_a_match(t: Trace) {
        let choice = Some(t.d(1));
    } gives {
        yield 0;
        match choice {
            Some(d) => yield d.by_value(),
            None => yield 2,
        }
        t.op(3);
    }
}

same_items! {
    fn by_name_in_a_struct_literal(t: Trace) {
        let (a, b) = (t.d(1), t.d(2));
    } gives {
        let pair = Pair { a, b };
        yield pair.a.id();
        yield pair.b.id();
    }
}

same_items! {
    fn copies_stay_with_their_owner(t: Trace) {
        let n = 7;
        let words = ["a", "b"];
        t.op(n);
    } gives {
        yield (n, words[0]);
        yield (n + 1, words[1]);
    }
}

same_items! {
    fn shadowed_inside(t: Trace) {
        let d = t.d(1);
    } gives {
        let d = { yield 0; d.with(10) };
        yield d.id();
    }
}

same_items! {
    /// they are dropped at the end like all others
    fn closures_that_are_only_called(t: Trace) {
        let d = t.d(1);
        let id = move |n| d.id() + n;
    } gives {
        yield id(1);
        t.op(2);
        yield id(3);
        t.op(4);
    }
}

same_items! {
    fn in_a_macro_that_repeats(t: Trace) {
        let (word, times) = (String::from("a"), 2);
    } gives {
        let words = vec![word; times];
        for word in words {
            yield word;
        }
    }
}

same_items! {
    fn in_patterns_and_names_of_macros_are_not_captures(t: Trace) {
        let (choice, limit) = (Some(3), 2);
        let total = String::from("captured only as a name");
    } gives {
        yield matches!(choice, Some(n) if n > limit).to_string();
        yield matches!(choice, Some(unbound)).to_string();
        yield format!("{sum} {total}", sum = limit + 1);
        yield format!("{} {:>width$}", "{nothing}", limit, width = limit + 1);
        yield vec!["{nothing}"].concat();
        yield stringify!(nothing).to_owned();
        assert_eq!("{nothing}", "{nothing}", "{limit}");
    }
}

#[test]
fn a_variable_moves_in_whole() {
    let count = Rc::new(());
    let pair = (count.clone(), count.clone());
    let items = coloop::gen! { yield Rc::strong_count(&pair.0); };
    assert_eq!(Rc::strong_count(&count), 3);
    assert_eq!(all(items), [3]);
    assert_eq!(Rc::strong_count(&count), 1);
}

#[test]
fn functions_may_be_called_at_several_types() {
    fn show<T: std::fmt::Debug>(value: T) -> String {
        format!("{value:?}")
    }
    let (a, b) = (vec![1], Some(String::from("b")));
    let items = coloop::gen! {
        yield show(a.clone());
        drop(a);
        yield show(b.clone());
        drop(b);
    };
    assert_eq!(all(items), ["[1]", r#"Some("b")"#]);
}

#[test]
fn copies_are_usable_afterwards() {
    let n = 3;
    let a = coloop::gen! { yield n; };
    let b = coloop::gen! { yield n + 1; };
    assert_eq!((all(a), all(b), n), (vec![3], vec![4], 3));
}

#[test]
fn references_move_in_and_what_they_refer_to_stays() {
    let (text, log) = (String::from("one two"), RefCell::new(Vec::new()));
    let (text_ref, log_ref) = (&text, &log);
    let words = coloop::gen! {
        for word in text_ref.split(' ') {
            log_ref.borrow_mut().push(word.len());
            yield word;
        }
    };
    assert_eq!(all(words), ["one", "two"]);
    assert_eq!((text.len(), log.into_inner()), (7, vec![3, 3]));
}

#[test]
fn a_unique_reference_moves_in_and_comes_back() {
    let mut log = Vec::new();
    let borrowed = &mut log;
    let items = all(coloop::gen! {
        for n in 0..3 {
            borrowed.push(n);
            yield borrowed.len();
        }
    });
    assert_eq!((items, log), (vec![1, 2, 3], vec![0, 1, 2]));
}

#[test]
fn functions_and_closures_can_be_called() {
    fn double(n: u32) -> u32 {
        2 * n
    }
    let add = |n: u32| n + 1;
    let by_path = u32::count_ones;
    let items = coloop::gen! {
        yield double(2);
        yield add(2);
        yield by_path(7);
    };
    assert_eq!(all(items), [4, 3, 3]);
}

#[test]
fn a_called_closure_is_owned() {
    fn squares() -> impl futures::Stream<Item = u32> {
        let mut state = 1;
        let mut next = move || {
            state += 1;
            state * state
        };
        coloop::gen! {
            for _ in 0..3 {
                yield next();
            }
        }
    }
    assert_eq!(all(squares()), [4, 9, 16]);
}

#[test]
fn the_generator_owns_nothing_after_its_end() {
    let shared = Rc::new(());
    let inside = shared.clone();
    let mut items = Box::pin(coloop::gen! {
        yield Rc::strong_count(&inside);
    });
    assert!(poll(&mut items).is_ready());
    assert_eq!(Rc::strong_count(&shared), 2);
    assert!(poll(&mut items).is_ready());
    assert_eq!(Rc::strong_count(&shared), 1);
    drop(items);
}

#[test]
fn does_not_run_before_it_is_polled() {
    let log = RefCell::new(Vec::new());
    let log_ref = &log;
    let items = coloop::gen! {
        log_ref.borrow_mut().push(1);
        yield 1;
    };
    assert!(log.borrow().is_empty());
    drop(items);
    assert!(log.borrow().is_empty());
}

same_items! {
    fn values_that_nothing_looks_at_are_not_moved_in(t: Trace) {
        let (a, b) = (t.d(1), (t.d(2), t.d(3)));
    } gives {
        let _ = a;
        yield t.n(4);
        let _ = b.0;
        yield t.n(5);
    }
}
