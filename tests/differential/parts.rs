//! Methods of parts of variables, which may consume the part: only rustc knows, and what is left has to be dropped.

use crate::harness::{Pair, Trace, D};

struct Two {
    first: D,
    second: D,
    last: D,
}

impl Two {
    fn new(t: &Trace) -> Two {
        Two {
            first: t.d(1),
            second: t.d(2),
            last: t.d(3),
        }
    }
}

struct WithDrop {
    first: D,
    second: D,
}

impl Drop for WithDrop {
    fn drop(&mut self) {
        self.first.id();
    }
}

differential! {
    async fn a_field_is_consumed(t: Trace) -> u32 {
        let two = Two::new(&t);
        t.wait(4, 1).await;
        let n = two.second.by_value();
        t.wait(5, 1).await + n
    }
}

differential! {
    async fn a_field_is_consumed_by_a_sub_future(t: Trace) -> u32 {
        let two = Two::new(&t);
        two.second.by_value_wait().await + two.first.id()
    }
}

differential! {
    async fn a_field_is_borrowed(t: Trace) -> u32 {
        let two = Two::new(&t);
        t.wait(4, 1).await;
        let n = two.second.id();
        t.wait(5, 1).await + n
    }
}

differential! {
    async fn a_field_lends_to_a_sub_future(t: Trace) -> u32 {
        let mut two = Two::new(&t);
        two.second.by_mut_wait().await + two.last.by_ref_wait().await
    }
}

differential! {
    async fn a_field_of_a_type_with_a_drop(t: Trace) -> u32 {
        let mut two = WithDrop { first: t.d(1), second: t.d(2) };
        t.wait(3, 1).await;
        two.second.set(7);
        t.wait(4, 1).await + two.first.by_ref_wait().await
    }
}

differential! {
    async fn a_field_behind_a_reference(t: Trace) -> u32 {
        let mut two = Two::new(&t);
        let to = &mut two;
        t.wait(4, 1).await;
        to.second.set(7);
        t.wait(5, 1).await + two.second.by_value_wait().await
    }
}

differential! {
    async fn a_field_in_a_box_is_consumed(t: Trace) -> u32 {
        let two = Box::new(Two::new(&t));
        t.wait(4, 1).await;
        let n = two.second.by_value();
        t.wait(5, 1).await + n
    }
}

differential! {
    async fn a_field_of_a_box_in_a_field_is_consumed(t: Trace) -> u32 {
        let pair = (t.d(7), Box::new(Two::new(&t)), t.d(8));
        t.wait(4, 1).await;
        let n = pair.1.second.by_value();
        t.wait(5, 1).await + n
    }
}

differential! {
    async fn a_field_in_a_box_of_a_type_with_a_drop(t: Trace) -> u32 {
        let mut two = Box::new(WithDrop { first: t.d(1), second: t.d(2) });
        t.wait(3, 1).await;
        two.second.set(7);
        t.wait(4, 1).await
    }
}

differential! {
    async fn a_field_behind_a_guard(t: Trace) -> u32 {
        let two = std::cell::RefCell::new(Two::new(&t));
        let mut guard = two.borrow_mut();
        t.wait(4, 1).await;
        guard.second.set(7);
        let n = guard.second.by_mut_wait().await;
        drop(guard);
        t.wait(5, 1).await + n
    }
}

differential! {
    async fn a_field_is_consumed_on_one_way_only(t: Trace) -> u32 {
        let mut two = Two::new(&t);
        let n = if t.wait(4, 1).await > 100 {
            two.second.by_value()
        } else {
            two.second.set(9);
            two.first.by_value_wait().await
        };
        t.wait(5, 1).await + n
    }
}

differential! {
    async fn a_field_is_consumed_and_given_again(t: Trace) -> u32 {
        let mut two = Two::new(&t);
        t.wait(4, 1).await;
        for n in 5..7 {
            two.second.by_value();
            t.wait(n, 1).await;
            two.second = t.d(n);
            two.second.set(n);
        }
        t.wait(8, 1).await
    }
}

differential! {
    async fn a_variable_is_given_again_after_its_field_is_consumed(t: Trace) -> u32 {
        let mut two = Two::new(&t);
        t.wait(4, 1).await;
        two.second.by_value();
        t.wait(5, 1).await;
        two = Two::new(&t);
        t.wait(6, 1).await;
        two.second.id()
    }
}

differential! {
    async fn two_fields_are_consumed(t: Trace) -> u32 {
        let two = Two::new(&t);
        t.wait(4, 1).await;
        let n = two.last.by_value() + two.first.by_value();
        t.wait(5, 1).await + n
    }
}

differential! {
    async fn a_field_of_a_temporary_is_consumed(t: Trace) -> u32 {
        Two::new(&t).second.by_value_wait().await
    }
}

differential! {
    async fn a_field_of_a_temporary_lends(t: Trace) -> u32 {
        Two::new(&t).second.by_mut_wait().await + WithDrop { first: t.d(1), second: t.d(2) }.second.by_ref_wait().await
    }
}

differential! {
    async fn a_field_is_consumed_with_an_argument(t: Trace) -> D {
        let two = Two::new(&t);
        t.wait(4, 1).await;
        let d = two.first.with(two.last.id());
        t.wait(5, 1).await;
        d
    }
}

differential! {
    async fn a_field_with_a_closure(t: Trace) -> u32 {
        let some = (Some(t.d(1)), t.d(2));
        t.wait(3, 1).await;
        let n = some.0.map_or(0, |d| d.by_value());
        t.wait(4, 1).await + n
    }
}

differential! {
    /// What a method takes decides what branches, elements and parts of its argument are coerced to.
    async fn arguments_are_coerced(t: Trace) -> usize {
        struct Text(String, D);
        impl Text {
            fn add(&mut self, bytes: &[u8]) -> usize {
                self.0.push_str(&String::from_utf8_lossy(bytes));
                self.1.set(9);
                bytes.len()
            }
            fn end(self, pair: (&[u8], Box<dyn Fn() -> usize>), all: Option<[&str; 2]>) -> usize {
                self.0.len() + pair.0.len() + pair.1() + all.map_or(0, |all| all.len())
            }
        }
        fn one() -> usize {
            1
        }
        let (mut pair, whole) = ((t.d(1), Text(String::new(), t.d(2))), Text(String::new(), t.d(3)));
        let n = t.wait(4, 1).await;
        let mut len = pair.1.add(if n > 100 { b"\n" } else { b"\n\n" });
        len += pair.1.add(match n {
            0 => b"",
            _ => b"abc",
        });
        len += pair.1.end((b"abc", Box::new(one)), Some([&String::from("a"), "b"]));
        len + whole.end((b"abc", Box::new(one)), None) + t.wait(6, 1).await as usize
    }
}

differential! {
    /// the temporaries of a new value outlive the old one
    async fn a_variable_whose_parts_move_is_assigned_a_part_of_a_temporary(t: Trace) -> u32 {
        let mut e = (t.d(1), t.d(2));
        e.1.set(2);
        e = (Pair { a: t.d(3), b: t.d(4) }.b, t.d(5));
        t.wait(6, 1).await;
        drop(e.0);
        e = (Pair { a: t.d(7), b: t.d(8) }.b, t.d(9));
        t.wait(10, 1).await;
        drop(e.1);
        e.1 = (Pair { a: t.d(11), b: t.d(12) }).b;
        t.wait(13, 1).await;
        e.0.id()
    }
}

differential! {
    async fn a_part_whose_parts_move_is_assigned_a_part_of_a_temporary(t: Trace) -> u32 {
        let mut e = ((t.d(1), t.d(2)), 3);
        drop(e.0.0);
        e.0 = (Pair { a: t.d(4), b: t.d(5) }.b, t.d(6));
        t.wait(7, 1).await;
        drop(e.0.1);
        e = ((Pair { a: t.d(8), b: t.d(9) }.b, Pair { a: t.d(10), b: t.d(11) }.a), t.n(12));
        e.0.0.id() + e.1
    }
}
