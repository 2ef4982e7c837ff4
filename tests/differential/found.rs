//! Bodies that were found at random and shrunk. They are kept as they were found, with whatever is unused in them.

#![allow(
    unused,
    unreachable_code,
    irrefutable_let_patterns,
    non_shorthand_field_patterns
)]

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

differential! {
    async fn value_of_a_break_that_nothing_uses(t: Trace) -> u32 {
        match Some(t.d(1)) {
            _ if (((((t.n(3) > t.n(4))) || (!t.no(5)))) || matches!(Some(Box::new(String::from("s6"))), Some(_))) => {
                let mut d: D = loop {
                    let c = (Ok::<(Pair, D), E>((t.later(9, t.later(10, if t.no(11) {
                        let mut f: [D; 2] = [t.d(12), t.d(13)];
                        Pair { a: t.d(15), b: t.d(16) }
                    } else {
                        Pair { a: t.d(18), b: t.d(19) }
                    }).await).await, t.d(21))));
                    break t.d(24).with(t.n(25));
                };
            },
            Some(c) => {
            },
            mut f => {
                ({ let t = &t; async move {
                    'x: loop {
                        break;
                    }
                } }.await);
            },
        }
        let _ = format!("{:?} {:?} ", t.later(26, Some(t.d(27).with(if let Some(mut c) = Some(format!("{:?} ", t.d(28))) {
            t.d(30).by_mut().id()
        } else {
            t.later_d(31).await.by_ref().id()
        }))).await, (t.d(34).by_ref_wait().await, t.later(35, t.d(36)).await));
        t.n(38)
    }
}

differential! {
    async fn guards_and_statements_inside_of_operands_end_their_temporaries(t: Trace) -> u32 {
        {
            let mut f = t.n(1);
            while f < 3 {
                f += 1;
                let mut d: &Option<(D, D)> = &Some((t.d(2), t.later(3, t.later(4, {
                    drop((String::from("s5"), t.d(6)));
                    match &f {
                        0..=4 if matches!(Some(vec![t.d(8)]), None) => {
                            let f = |mut a: u32| t.n(11);
                            return borrow_wait(&t.later_d(12).await).await;
                        },
                        1 | 2 | 3 if !t.no(15) => {
                            let 7 = f else {
                                let mut e = t.later(16, (String::from("s17"), t.d(18))).await;
                                return f;
                            };
                        },
                        _ => {
                        },
                    }
                    if t.yes(20) {
                        continue;
                    }
                    t.later(21, t.d(22)).await
                }).await).await));
                'y: loop {
                    break;
                }
            }
        }
        let mut d = t.later_d(25).await.with(borrow_wait(&t.d(27)).await);
        let (Some(ref mut e), d) = ((if t.no(29) {
            let mut d = Some(&d);
            Some((Pair { a: t.d(32).with(t.later(33, t.wait(34, 2).await).await), b: if t.later(36, true).await {
                let t = &t;
                t.later_d(38).await
            } else {
                t.d(40).with(t.wait(41, 0).await)
            } }).b)
        } else {
            t.later(45, t.later(46, Some(t.later(47, t.d(48)).await)).await).await
        }, String::from("s50"))) else {
            return t.n(52);
        };
        t.n(53)
    }
}

differential! {
    async fn local_of_a_block_in_a_condition_drops_with_the_block(t: Trace) -> u32 {
        return consume_wait(if {
            let mut b = t.later_d(14).await;
            let value = t.no(1);
            value
        } {
            let value = t.d(1);
            value
        } else if t.no(1) {
            let value = t.d(1);
            value
        } else if let Ok(c) = Ok::<D, E>(t.d(1)) {
            let value = t.d(1);
            value
        } else {
            let value = t.d(1);
            value
        }).await;
    }
}

differential! {
    async fn temporaries_of_an_else_end_with_it(t: Trace) -> D {
        match Ok::<Vec<D>, E>(Vec::from([t.d(1), if t.no(1) {
            t.d(1)
        } else {
            ((t.d(1), t.later_d(52).await)).1
        }, t.d(1)])) {
            c => {
            },
        }
        t.d(1)
    }
}

differential! {
    async fn let_else_that_misses_ends_what_it_would_have_kept(t: Trace) -> D {
        let (Some(ref f), None) = (Some(t.d(1)), Some((Pair { a: t.d(1), b: t.d(1) }, t.d(1)))) else {
            return t.later_d(96).await;
        };
        t.d(1)
    }
}

differential! {
    async fn let_else_that_misses_after_a_move(t: Trace) -> D {
        let (Some(mut d), Some(ref c)) = (Some(t.d(1)), None::<(String, D)>) else {
            return t.d(1);
        };
        d
    }
}

differential! {
    async fn receiver_that_is_consumed_before_an_argument_that_is_a_block(t: Trace) -> (D, u32) {
        let c = vec![t.d(1), match Ok::<u32, E>(t.n(2)) {
            c => {
                return if let c = Err::<String, E>(E(4)) {
                    for (b, ref e) in (0..).zip(Vec::from([{
                        t.d(1)
                    }])) {
                        if t.later(25, false).await {
                        }
                    }
                    (t.d(1), t.n(1))
                } else {
                    (t.d(1), t.n(1))
                };
            },
        }];
        (t.d(1), t.n(1))
    }
}

differential! {
    async fn part_of_a_captured_variable_at_the_end(t: Trace) -> u32 {
        let mut b: (u32, Pair) = (t.n(1), t.later(11, Pair { a: t.d(1), b: t.d(1) }).await);
        let mut a = |a: u32| t.d(1).with(b.0);
        b.0
    }
}
