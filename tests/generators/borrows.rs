//! Borrows across `yield`.

use std::collections::BTreeMap;

use futures::Stream;

use crate::stream::{all, pause};

same_items! {
    fn of_a_local(t: Trace) gives {
        let d = t.d(1);
        let r = &d;
        yield r.id();
        yield r.id();
    }
}

same_items! {
    fn unique_of_a_local(t: Trace) gives {
        let mut d = t.d(1);
        let r = &mut d;
        yield 1;
        r.set(2);
        yield r.id();
        d.set(3);
        yield d.id();
    }
}

same_items! {
    fn of_a_captured_value(t: Trace) { let mut d = t.d(1); } gives {
        let r = &mut d;
        yield 0;
        r.set(5);
        yield r.id();
        yield d.id();
    }
}

same_items! {
    fn of_an_element(t: Trace) gives {
        let mut v = vec![t.d(1), t.d(2), t.d(3)];
        let (first, rest) = v.split_first_mut().unwrap();
        for d in rest {
            d.set(first.id() + 10);
            yield d.id();
        }
        first.set(7);
        yield v[0].id();
    }
}

same_items! {
    fn of_a_match(t: Trace) gives {
        let mut choice = (Some(t.d(1)), t.d(2));
        match &mut choice {
            (Some(a), b) => {
                yield a.id();
                std::mem::swap(a, b);
                yield a.id();
            }
            (None, b) => yield b.id(),
        }
        yield choice.1.id();
    }
}

same_items! {
    fn of_an_extended_temporary(t: Trace) gives {
        let r = &t.d(1);
        yield r.id();
        yield r.by_ref().id();
    }
}

same_items! {
    fn in_an_iterator(t: Trace) gives {
        let v = vec![t.d(1), t.d(2)];
        let mut ids = v.iter().map(|d| d.id());
        while let Some(id) = ids.next() {
            yield id;
        }
    }
}

same_items! {
    fn in_a_guard(t: Trace) gives {
        let cell = std::cell::RefCell::new(t.d(1));
        let mut guard = cell.borrow_mut();
        yield guard.id();
        guard.set(2);
        drop(guard);
        yield cell.borrow().id();
    }
}

#[test]
fn items_may_borrow_from_captured_references() {
    fn words(text: &str) -> impl Stream<Item = &str> {
        coloop::gen! {
            for word in text.split(' ') {
                pause().await;
                yield word;
            }
        }
    }
    let text = String::from("a bc d");
    let longest = all(words(&text)).into_iter().max_by_key(|word| word.len());
    assert_eq!(longest, Some("bc"));
}

#[test]
fn items_may_borrow_with_a_named_lifetime() {
    struct Table {
        rows: BTreeMap<u32, String>,
    }
    impl Table {
        fn from<'a>(&'a self, first: &u32) -> impl Stream<Item = (&'a u32, &'a str)> + use<'a> {
            let first = *first;
            coloop::gen! {
                for (key, value) in self.rows.range(first..) {
                    yield (key, value.as_str());
                }
            }
        }
    }
    let table = Table {
        rows: (0..4).map(|n| (n, format!("row {n}"))).collect(),
    };
    let rows = table.from(&2);
    assert_eq!(all(rows), [(&2, "row 2"), (&3, "row 3")]);
}

#[test]
fn unique_items_may_be_kept_together() {
    fn each(numbers: &mut [u32]) -> impl Stream<Item = &mut u32> {
        coloop::gen! {
            for n in numbers {
                yield n;
            }
        }
    }
    let mut numbers = [1, 2, 3];
    let mut items = all(each(&mut numbers));
    items.iter_mut().for_each(|n| **n *= 10);
    items.swap(0, 2);
    assert_eq!(*items[0], 30);
    assert_eq!(numbers, [10, 20, 30]);
}

#[test]
fn items_may_have_two_lifetimes() {
    fn pairs<'a, 'b>(
        left: &'a [u32],
        right: &'b [String],
    ) -> impl Stream<Item = (&'a u32, &'b str)> + use<'a, 'b> {
        coloop::gen! {
            for pair in left.iter().zip(right) {
                yield (pair.0, pair.1.as_str());
            }
        }
    }
    let left = [1, 2];
    let lefts: Vec<&u32>;
    {
        let right = [String::from("x"), String::from("y")];
        lefts = all(pairs(&left, &right))
            .into_iter()
            .map(|pair| pair.0)
            .collect();
    }
    assert_eq!(lefts, [&1, &2]);
}
