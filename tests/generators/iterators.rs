//! `iter!`: generators that wait for nobody. After CPython's `test_generators` and `test_pep380`, and what rustc's unstable `gen`
//! blocks are tested with.

use std::cell::RefCell;
use std::pin::{pin, Pin};
use std::rc::Rc;

use coloop::GeneratorState::{Ended, Returned, Yielded};
use coloop::{iter, Generator};

/// Writes functions that give iterators over an owned text.
macro_rules! iterators {
    ($($name:ident($text:ident) gives $expected:expr => $body:tt)*) => {$(
        #[test]
        fn $name() {
            fn items($text: String) -> impl Iterator<Item = usize> {
                iter! $body
            }
            assert_eq!(items("ab".to_owned()).collect::<Vec<_>>(), $expected);
            // It may move between any two items.
            let mut kept = items("ab".to_owned());
            let mut found = Vec::new();
            loop {
                let mut moved = Box::new(kept);
                match moved.next() {
                    Some(item) => found.push(item),
                    None => break,
                }
                kept = *moved;
            }
            assert_eq!(found, $expected);
        }
    )*};
}

iterators! {
    a_borrow_between_two_yields(_text) gives [1, 1] => {
        let s = String::from("a"); { let r = &s; yield r.len(); } yield s.len();
    }
    borrowed_again_after_a_yield(_text) gives [1, 2] => {
        let mut v = vec![1usize]; let n = v.iter().sum(); yield n; v.push(2); let r = &v; yield r.len();
    }
    owned_items(_text) gives [1, 1] => {
        let v = vec![String::from("a")]; for s in v { yield s.len(); yield s.len(); }
    }
    ranges(_text) gives [0, 0, 2] => {
        for i in 0..3usize { for j in 0..i { yield i * j; } }
    }
    a_mutable_borrow_that_is_not_used_again(_text) gives [1, 2] => {
        let mut v = Vec::new(); let r = &mut v; r.push(1usize); yield 1; v.push(2); yield v.len();
    }
    a_list_that_changes(_text) gives [2, 0, 1] => {
        let mut v = vec![1usize, 2]; while let Some(x) = v.pop() { yield x; if x == 2 { v.push(0); } }
    }
    a_copied_binding(_text) gives [1] => {
        let v = vec![1usize]; match v.first() { Some(&x) => yield x, None => {} }
    }
    a_match_on_a_borrow(_text) gives [1] => {
        let s = String::from("a"); match s.as_str() { "a" => yield 1usize, _ => yield 2 }
    }
    by_index(_text) gives [1, 3] => {
        let mut v = vec![3usize, 1]; v.sort(); for i in 0..v.len() { yield v[i]; v[i] += 1; }
    }
    a_closure_that_owns(_text) gives [1, 1] => {
        let s = String::from("a"); let c = move || s.len(); yield 1; yield c();
    }
    collected(text) gives [97, 98] => {
        let s = text; let cs: Vec<char> = s.chars().collect(); for c in cs { yield c as usize; }
    }
    a_guard_that_ends(_text) gives [2, 2] => {
        let c = std::cell::RefCell::new(1usize); { let mut g = c.borrow_mut(); *g += 1; } yield *c.borrow(); yield c.take();
    }
    a_boxed_iterator(_text) gives [0, 1, 2] => {
        let it: Box<dyn Iterator<Item = usize>> = Box::new(0..3usize); for x in it { yield x; }
    }
    peekable(_text) gives [1, 0, 2, 1, 3, 2, 3] => {
        let mut it = (0..4usize).peekable(); while let Some(x) = it.next() { if let Some(&n) = it.peek() { yield n; } yield x; }
    }
    adapters(_text) gives [5, 7, 9] => {
        for (a, b) in (0..3usize).zip(5..8usize) { yield a + b; }
    }
    an_owned_binding(_text) gives [1, 1] => {
        let o = Some(String::from("x")); if let Some(s) = o { yield s.len(); yield s.len(); }
    }
    a_map(_text) gives [3, 4] => {
        let mut m = std::collections::HashMap::new(); m.insert(1usize, 2usize); if let Some(x) = m.get_mut(&1) { *x += 1; } let n = m[&1]; yield n; for (k, v) in m { yield k + v; }
    }
}

#[test]
fn borrows_from_outside() {
    fn words(text: &str) -> impl Iterator<Item = &str> + '_ {
        iter! {
            for line in text.lines() {
                for word in line.split(' ') {
                    yield word;
                }
            }
        }
    }
    let text = String::from("a b\nc");
    assert_eq!(words(&text).collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[test]
fn generic_items() {
    fn pairs<T: Clone>(items: Vec<T>) -> impl Iterator<Item = (T, T)> {
        iter! {
            for (index, first) in items.clone().into_iter().enumerate() {
                for second in items[index + 1..].to_vec() {
                    yield (first.clone(), second);
                }
            }
        }
    }
    assert_eq!(pairs(vec!['a', 'b', 'c']).collect::<String2>().0, "abacbc");

    struct String2(String);
    impl FromIterator<(char, char)> for String2 {
        fn from_iter<I: IntoIterator<Item = (char, char)>>(items: I) -> Self {
            String2(items.into_iter().flat_map(|(a, b)| [a, b]).collect())
        }
    }
}

/// CPython: `test_generators`, "Sieve of Eratosthenes" and the recursive permutations.
#[test]
fn recursive_generators() {
    fn permutations(mut left: Vec<u32>) -> Box<dyn Iterator<Item = Vec<u32>>> {
        Box::new(iter! {
            if left.is_empty() {
                yield Vec::new();
            }
            for index in 0..left.len() {
                let first = left.remove(index);
                for mut rest in permutations(left.clone()) {
                    rest.insert(0, first);
                    yield rest;
                }
                left.insert(index, first);
            }
        })
    }
    let all: Vec<_> = permutations(vec![1, 2, 3]).collect();
    assert_eq!(all.len(), 6);
    assert_eq!(all[5], [3, 2, 1]);

    fn primes() -> Box<dyn Iterator<Item = u32>> {
        Box::new(iter! {
            let mut sieve: Box<dyn Iterator<Item = u32>> = Box::new(2..);
            while let Some(prime) = sieve.next() {
                yield prime;
                sieve = Box::new(sieve.filter(move |n| n % prime != 0));
            }
        })
    }
    assert_eq!(primes().take(6).collect::<Vec<_>>(), [2, 3, 5, 7, 11, 13]);
}

#[test]
fn values_are_sent() {
    let mut generator = iter! { |first: u32|
        let mut sum = first;
        while sum < 10 {
            sum += yield sum;
        }
        sum
    };
    assert_eq!(generator.send(4), Yielded(4));
    assert_eq!(generator.send(4), Yielded(8));
    assert_eq!(generator.send(4), Returned(12));
    assert_eq!(generator.send(4), Ended);
}

#[test]
fn errors_are_thrown() {
    let mut generator = iter! { |first: Result<u32, &'static str>| -> Result<u32, &'static str> {
        let mut sum = first?;
        loop {
            match yield sum {
                Ok(0) => return Ok(sum),
                Ok(n) => sum += n,
                Err("again") => {}
                other => { other?; }
            }
        }
    }};
    assert_eq!(generator.send(Ok(1)), Yielded(1));
    assert_eq!(generator.throw("again"), Yielded(1));
    assert_eq!(generator.send(Ok(2)), Yielded(3));
    assert_eq!(generator.throw("stop"), Returned(Err("stop")));
    assert_eq!(generator.throw("late"), Ended);
}

/// CPython: `test_pep380`, delegation of `send` and of the return value.
#[test]
fn delegation_to_a_generator() {
    let mut outer = iter! { |first: u32|
        let inner = iter! { |first: u32|
            let second = yield first * 10;
            let third = yield second * 10;
            first + second + third
        };
        let sum = yield_all!(inner, first);
        let last = yield sum;
        (sum, last)
    };
    assert_eq!(outer.send(1), Yielded(10));
    assert_eq!(outer.send(2), Yielded(20));
    assert_eq!(outer.send(3), Yielded(6));
    assert_eq!(outer.send(4), Returned((6, 4)));
}

#[test]
fn delegation_to_iterators() {
    let items = iter! {
        yield_all!(0..2);
        yield_all!([2, 3]);
        yield_all!(Some(4));
        yield_all!(vec![5].into_iter().chain([6]));
        yield_all!(iter! { yield 7; });
    };
    assert_eq!(items.collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn it_stays_ended() {
    let mut one = iter! { yield 1; };
    assert_eq!(one.size_hint(), (0, None));
    assert_eq!((one.next(), one.next(), one.next()), (Some(1), None, None));
    assert_eq!(one.size_hint(), (0, Some(0)));
    fn is_fused<I: std::iter::FusedIterator>(_: &I) {}
    is_fused(&one);
}

struct D(u32, Rc<RefCell<Vec<u32>>>);

impl Drop for D {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0);
    }
}

#[test]
fn close_and_drop_drop_what_is_alive() {
    let dropped = Rc::new(RefCell::new(Vec::new()));
    let items = |from: u32| {
        let (a, b) = (
            D(from, Rc::clone(&dropped)),
            D(from + 1, Rc::clone(&dropped)),
        );
        iter! {
            let first = a;
            let second = b;
            yield first.0;
            yield second.0;
        }
    };
    let mut closed = items(1);
    assert_eq!(closed.next(), Some(1));
    closed.close();
    assert_eq!(*dropped.borrow(), [2, 1]);
    assert_eq!(closed.next(), None);
    drop(closed);
    let mut left = items(3);
    assert_eq!(left.next(), Some(3));
    drop(left);
    drop(items(5));
    assert_eq!(*dropped.borrow(), [2, 1, 4, 3, 5, 6]);
}

#[test]
fn the_temporaries_of_an_item_end_before_it_is_handed_out() {
    let dropped = Rc::new(RefCell::new(Vec::new()));
    let d = |n| D(n, Rc::clone(&dropped));
    let mut items = iter! {
        yield d(1).0;
        yield (d(2).0, d(3)).0;
    };
    assert_eq!(items.next(), Some(1));
    assert_eq!(*dropped.borrow(), [1]);
    assert_eq!(items.next(), Some(2));
    assert_eq!(*dropped.borrow(), [1, 3, 2]);
}

#[test]
fn a_panic_ends_it() {
    let mut items = iter! {
        yield 1;
        if true {
            panic!("two");
        }
        yield 3;
    };
    assert_eq!(items.next(), Some(1));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| items.next()));
    assert!(panicked.is_err());
    assert_eq!(items.next(), None);
}

#[test]
fn pinned_it_borrows_its_own_variables() {
    fn longest(texts: Vec<String>) -> impl Generator<Yield = usize, Return = usize> {
        iter!(static || {
            let mut longest = "";
            for text in &texts {
                if text.len() > longest.len() {
                    longest = text;
                    yield longest.len();
                }
            }
            longest.len()
        })
    }
    let mut generator = pin!(longest(vec!["a".into(), "".into(), "bc".into()]));
    assert_eq!(generator.send(()), Yielded(1));
    assert_eq!(generator.send(()), Yielded(2));
    assert_eq!(generator.send(()), Returned(2));
}

#[test]
fn pinned_it_is_an_iterator() {
    let text = String::from("a bc");
    let words = pin!(iter!(static || {
        let owned = text;
        for word in owned.split(' ') {
            yield word.len();
        }
    }));
    assert_eq!(words.collect::<Vec<_>>(), [1, 2]);
    let boxed = Box::pin(iter!(static || {
        let list = vec![1, 2];
        for n in &list {
            yield *n;
        }
    }));
    assert_eq!(boxed.sum::<u32>(), 3);
}

#[test]
fn through_references_and_boxes() {
    type Dynamic = dyn Generator<u32, Yield = u32, Return = ()>;
    fn one() -> impl Generator<u32, Yield = u32, Return = ()> + Unpin {
        iter! { |n: u32| let m = yield n; yield m + 1; }
    }
    fn first(mut generator: impl Generator<u32, Yield = u32, Return = ()> + Unpin) -> u32 {
        match generator.send(5) {
            Yielded(n) => n,
            _ => 0,
        }
    }
    assert_eq!(first(one()), 5);
    assert_eq!(first(&mut one()), 5);
    assert_eq!(first(Box::new(one())), 5);
    assert_eq!(first(Box::pin(one())), 5);
    let dynamic: Pin<Box<Dynamic>> = Box::pin(one());
    assert_eq!(first(dynamic), 5);
}

#[test]
fn inside_of_coroutines_and_generators() {
    #[coloop::coroutine]
    async fn sum(n: u32) -> u32 {
        let mut sum = 0;
        for m in iter! { for m in 0..n { yield m; } } {
            std::future::ready(()).await;
            sum += m;
        }
        sum
    }
    assert_eq!(futures::executor::block_on(sum(4)), 6);
    let stream = coloop::gen! {
        for m in iter! { yield 1; yield 2; } {
            crate::stream::pause().await;
            yield m;
        }
    };
    assert_eq!(crate::stream::all(stream), [1, 2]);
}

#[test]
fn send_when_what_it_owns_is() {
    let items = iter! { let text = String::from("ab"); yield text.len(); };
    assert_eq!(
        std::thread::spawn(move || items.sum::<usize>())
            .join()
            .unwrap(),
        2
    );
}
