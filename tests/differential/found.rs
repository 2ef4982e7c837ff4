//! Bodies that were found at random and shrunk. They are kept as they were found, with whatever is unused in them.

#![allow(unused, unreachable_code, irrefutable_let_patterns, non_shorthand_field_patterns)]

use crate::harness::{borrow_mut_wait, borrow_wait, consume_wait, Pair, Trace, D, E};

differential! {
    async fn field_of_a_temporary_before_an_await(t: Trace) -> Vec<D> {
        Vec::from([((t.d(1), t.d(1))).1, t.later_d(47).await])
    }
}

differential! {
    async fn reference_mut_beside_a_move_in_an_array_pattern(t: Trace) -> Option<D> {
        let [ref mut f, mut e] = [t.d(1), t.d(1)] else {
            return Some(t.d(1));
        };
        t.wait(1, 1).await;
        Some(t.d(1))
    }
}

differential! {
    async fn local_of_the_last_block_drops_before_a_slot(t: Trace) -> u32 {
        let a = t.d(1);
        let b = t.later_d(64).await;
        t.n(1)
    }
}

differential! {
    async fn ref_mut_in_let_else_extends_the_temporary(t: Trace) -> Result<u32, E> {
        let Ok(ref mut f) = Ok::<D, E>(t.d(1)) else {
            return Err::<u32, E>(E(41));
        };
        t.wait(2, 1).await;
        f.set(7);
        Ok(f.id())
    }
}

differential! {
    async fn ref_mut_of_a_macro_that_awaits(t: Trace) -> D {
        let ref mut f = format!("{:?} {:?} ", t.no(1), Some((Pair { a: t.d(1), b: t.d(1) }, t.later_d(54).await)));
        let value = t.d(1);
        value
    }
}

differential! {
    async fn arms_that_move_parts_and_the_whole(t: Trace) -> (D, u32) {
        let e = Pair { a: t.d(1), b: t.d(1) };
        match (Some(match e {
            Pair { a: _, b: ref d } => e.b,
            mut b @ Pair { .. } => b.a,
        }), t.n(1)) {
            _ => {}
        }
        let value = t.later(68, (t.d(1), t.n(1))).await;
        value
    }
}

differential! {
    async fn arms_that_move_the_same_part(t: Trace) -> u32 {
        let mut f = (t.d(1), t.d(1));
        for mut f in (0..).zip(vec![match f {
            (mut c, ..) => {
                let value = match None::<(D, D)> {
                    mut a => t.later(12, c).await,
                };
                value
            },
            (mut b, _) => {
                let value = b;
                value
            },
        }, t.d(1)]) {
        }
        let value = t.n(1);
        value
    }
}

differential! {
    async fn ref_mut_beside_a_move_in_an_arm(t: Trace) -> u32 {
        match (Some(t.d(1)), Pair { a: t.d(1), b: t.d(1) }) {
            ref mut d @ (..) if t.no(1) => t.wait(46, 2).await,
            (b, Pair { a: ref mut a, .. }) => t.n(1),
        }
    }
}

differential! {
    async fn part_moved_by_a_break_in_an_arm(t: Trace) -> u32 {
        let mut c: Option<Pair> = Some(loop {
            let mut a: (u32, Pair) = (t.n(1), Pair { a: t.d(1), b: t.d(1) });
            let d = vec![if let (b, Some(1 | 2 | 3)) = match Ok::<Option<String>, E>(Some(String::from("s1"))) {
                Ok(Some(ref mut c)) => {
                    break a.1;
                    let value = (Some(t.d(1)), Some(a.0));
                    value
                },
                f => (Some(t.later_d(21).await), None::<u32>),
            } {
                let value = match a.1 {
                    Pair { a: f, b: ref mut e } => {
                        let value = t.d(1);
                        value
                    },
                };
                value
            } else {
                let value = t.d(1);
                value
            }];
        });
        let value = t.n(1);
        value
    }
}

differential! {
    async fn reference_to_a_literal_that_awaits(t: Trace) -> Result<D, E> {
        let d = t.d(2);
        let b: &Pair = &Pair { a: d, b: t.later(13, t.d(1)).await };
        let value = Ok::<D, E>(t.d(1));
        value
    }
}

differential! {
    async fn ref_pattern_of_a_tuple_that_awaits(t: Trace) -> Result<u32, E> {
        let (ref d, ..) = (None::<D>, t.later(3, (Pair { a: t.d(1), b: t.d(1) }, Pair { a: t.d(1), b: t.d(1) })).await);
        let value = Ok::<u32, E>(t.n(1));
        value
    }
}

differential! {
    async fn temporaries_of_format_end_with_it(t: Trace) -> Option<D> {
        let e = t.later(51, format!("{:?} {:?} ", [t.d(1), t.d(1)], Ok::<u32, E>(borrow_mut_wait(&mut t.d(1)).await))).await;
        let value = Some(t.d(1));
        value
    }
}
