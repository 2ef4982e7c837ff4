//! `yield` inside of expressions: what stands before it is evaluated before, and kept across.

use crate::harness::Pair;

same_items! {
    fn argument_of_a_call(t: Trace) gives {
        let d = std::convert::identity(t.val(1, { yield 0; t.d(2) }));
        yield d.id();
    }
}

same_items! {
    fn second_argument(t: Trace) gives {
        let pair = (t.d(1), { yield 0; t.d(2) });
        yield pair.0.id() + pair.1.id();
    }
}

same_items! {
    fn receiver_of_a_method(t: Trace) gives {
        let n = { yield 0; t.d(1) }.by_value();
        yield n;
        let n = t.d(2).with({ yield 3; 4 }).by_value();
        yield n;
    }
}

same_items! {
    fn argument_of_a_method(t: Trace) gives {
        let mut d = t.d(1);
        d.set({ yield 0; t.n(5) });
        yield d.id();
    }
}

same_items! {
    fn operand_of_an_operator(t: Trace) gives {
        let n = t.n(1) + { yield 0; t.n(2) } + t.n(3);
        yield n;
    }
}

same_items! {
    fn right_of_and_and_or(t: Trace) gives {
        let a = t.no(1) && { yield 1; t.yes(2) };
        let b = t.yes(3) && { yield 2; t.yes(4) };
        let c = t.no(5) || { yield 3; t.no(6) };
        yield (a as u32) + 2 * (b as u32) + 4 * (c as u32);
    }
}

same_items! {
    fn fields_of_a_struct(t: Trace) gives {
        let pair = Pair { b: { yield 1; t.d(2) }, a: { yield 3; t.d(4) } };
        yield pair.a.id();
    }
}

same_items! {
    fn elements_of_an_array(t: Trace) gives {
        let all = [t.d(1), { yield 0; t.d(2) }, t.d(3)];
        for d in all {
            yield d.id();
        }
    }
}

same_items! {
    fn index_and_assignment(t: Trace) gives {
        let mut v = vec![1, 2, 3];
        v[{ yield 0; 1 }] = { yield 1; t.n(7) };
        yield v[1];
        let mut n = 1;
        n += { yield 2; t.n(8) };
        yield n;
    }
}

same_items! {
    fn condition_of_a_loop(t: Trace) gives {
        let mut n = 0;
        while { yield n; t.val(1, n < 2) } {
            n += 1;
        }
    }
}

same_items! {
    fn condition_of_an_if(t: Trace) gives {
        if { let d = t.d(1); yield 1; d.id() == 1 } {
            yield 2;
        }
    }
}

same_items! {
    fn scrutinee_of_a_match(t: Trace) gives {
        match { yield 0; Some(t.d(1)) } {
            Some(d) => yield d.by_value(),
            None => {}
        }
        if let Some(d) = { yield 1; Some(t.d(2)) } {
            yield d.id();
        }
        let Some(d) = ({ yield 2; Some(t.d(3)) }) else { return };
        yield d.id();
    }
}

same_items! {
    fn value_of_break(t: Trace) gives {
        let d = loop {
            break { yield 1; t.d(1) };
        };
        yield d.id();
    }
}

same_items! {
    fn range_of_a_for_loop(t: Trace) gives {
        for n in 0..({ yield 10; t.n(2) }) {
            yield n;
        }
    }
}

same_items! {
    fn item_of_a_for_await(t: Trace) gives {
        #[for_await]
        for d in ({ yield 0; crate::stream::source(&t, 1, 2) }) {
            yield d.id();
        }
    }
}

same_items! {
    fn beside_a_borrow(t: Trace) gives {
        let mut v = vec![t.d(1), t.d(2)];
        let n = v.iter().map(|d| d.id()).sum::<u32>() + { yield 0; 1 };
        yield n;
        v.push({ yield 1; t.d(3) });
        yield v.len() as u32;
    }
}

same_items! {
    fn nested_temporaries(t: Trace) gives {
        let n = t.d(1).by_ref().id() + { yield 0; t.d(2).by_ref().id() };
        yield n;
        let n = t.d(3).by_ref().id() + { yield 1; 1 };
        yield n;
    }
}

same_items! {
    fn in_a_branch_of_an_operand_of_what_is_awaited(t: Trace) gives {
        let d = t.later(1, if t.yes(2) {
            yield t.n(3);
            t.d(4)
        } else {
            t.d(5)
        }).await;
        yield d.id();
    }
}

#[test]
fn in_what_is_returned_and_in_an_operand_of_what_is_awaited() {
    use coloop::{AsyncGenerator, GeneratorState::*};
    let mut generator = std::pin::pin!(coloop::gen!(|first: u32| -> u32 {
        let sent = std::future::ready(yield first + 1).await;
        if sent > 9 {
            return (yield sent + 1) + std::future::ready(yield 0).await;
        }
        0
    }));
    coloop::run(async {
        assert_eq!(generator.asend(1).await, Yielded(2));
        assert_eq!(generator.asend(10).await, Yielded(11));
        assert_eq!(generator.asend(20).await, Yielded(0));
        assert_eq!(generator.asend(30).await, Returned(50));
    });
}

same_loop! {
    async fn a_loop_in_a_branch_of_an_operand_of_what_is_awaited(t: Trace) -> u32 {
        t.later(1, if t.yes(2) {
            let mut sum = 0;
            #[for_await]
            for d in (crate::stream::source(&t, 1, 2)) {
                sum += d.id();
            }
            sum
        } else {
            0
        }).await
    }
}
