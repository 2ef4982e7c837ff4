//! Borrows that live across suspensions.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Mutex;

use crate::harness::{borrow_mut_wait, borrow_wait, Trace, D};

differential! {
    async fn shared_borrow_across_an_await(t: Trace) -> u32 {
        let d = t.d(1);
        let r = &d;
        t.wait(2, 1).await;
        r.id() + d.id()
    }
}

differential! {
    async fn unique_borrow_across_an_await(t: Trace) -> D {
        let mut d = t.d(1);
        let r = &mut d;
        t.wait(2, 1).await;
        r.set(3);
        t.wait(4, 1).await;
        r.by_mut().set(5);
        d
    }
}

differential! {
    async fn sub_future_borrows_a_local(t: Trace) -> u32 {
        let d = t.d(1);
        borrow_wait(&d).await + borrow_wait(&d).await
    }
}

differential! {
    async fn sub_future_borrows_a_local_uniquely(t: Trace) -> D {
        let mut d = t.d(1);
        borrow_mut_wait(&mut d).await;
        borrow_mut_wait(&mut d).await;
        d
    }
}

differential! {
    async fn sub_future_held_while_others_run(t: Trace) -> u32 {
        let d = t.d(1);
        let future = borrow_wait(&d);
        t.wait(2, 1).await;
        let n = future.await;
        n + d.by_value()
    }
}

differential! {
    async fn reference_to_a_reference(t: Trace) -> u32 {
        let x = t.n(1);
        let r = &x;
        let rr = &r;
        let rrr = &rr;
        t.wait(2, 1).await;
        ***rrr + **rr + *r
    }
}

differential! {
    async fn mutable_reference_to_a_reference(t: Trace) -> u32 {
        let (a, b) = (t.d(1), t.d(2));
        let mut r = &a;
        let rr = &mut r;
        t.wait(3, 1).await;
        *rr = &b;
        t.wait(4, 1).await;
        r.id() + a.id()
    }
}

differential! {
    async fn reborrow(t: Trace) -> D {
        let mut d = t.d(1);
        let r = &mut d;
        {
            let again = &mut *r;
            borrow_mut_wait(again).await;
        }
        borrow_mut_wait(r).await;
        r.set(9);
        d
    }
}

differential! {
    async fn borrow_of_a_field(t: Trace) -> (D, D) {
        let mut pair = (t.d(1), t.d(2));
        let (a, b) = (&mut pair.0, &pair.1);
        borrow_mut_wait(a).await;
        a.set(borrow_wait(b).await + 10);
        pair
    }
}

differential! {
    async fn borrow_of_an_element(t: Trace) -> Vec<D> {
        let mut v = vec![t.d(1), t.d(2)];
        let r = &mut v[1];
        borrow_mut_wait(r).await;
        borrow_wait(&v[0]).await;
        v
    }
}

differential! {
    async fn slices(t: Trace) -> u32 {
        let array = [1, 2, 3, 4];
        let (head, tail) = array.split_at(2);
        t.wait(5, 1).await;
        let middle = &array[1..3];
        t.wait(6, 1).await;
        head.iter().sum::<u32>() + tail[1] * 10 + middle[0] * 100
    }
}

differential! {
    async fn mutable_slices(t: Trace) -> [u32; 4] {
        let mut array = [1, 2, 3, 4];
        let (head, tail) = array.split_at_mut(2);
        t.wait(5, 1).await;
        head[0] += tail[1];
        t.wait(6, 1).await;
        tail[0] += head[0];
        array.reverse();
        array
    }
}

differential! {
    async fn strings(t: Trace) -> String {
        let s = String::from("one two three");
        let words: Vec<&str> = s.split(' ').collect();
        t.wait(1, 1).await;
        let first = words[0];
        t.wait(2, 1).await;
        format!("{first}{}", words.len())
    }
}

differential! {
    async fn borrowed_iterator(t: Trace) -> u32 {
        let s = String::from("abc");
        let mut chars = s.chars();
        let mut n = 0;
        while let Some(c) = chars.next() {
            n += t.wait(c as u32, 1).await;
        }
        n + s.len() as u32
    }
}

differential! {
    async fn borrow_that_depends_on_a_condition(t: Trace) -> u32 {
        let (a, b) = (t.d(1), t.d(2));
        let mut sum = 0;
        for n in 0..2 {
            let r = if n == 0 { &a } else { &b };
            t.wait(3, 1).await;
            sum += r.id();
        }
        sum
    }
}

differential! {
    async fn borrow_held_in_a_struct(t: Trace) -> u32 {
        struct View<'a> {
            d: &'a D,
            n: &'a mut u32,
        }
        let d = t.d(1);
        let mut n = t.n(2);
        let view = View { d: &d, n: &mut n };
        t.wait(3, 1).await;
        *view.n += view.d.id();
        t.wait(4, 1).await;
        *view.n += 1;
        n + d.id()
    }
}

differential! {
    async fn borrow_of_an_argument(t: Trace) -> u32 {
        let r = &t;
        r.wait(1, 1).await;
        r.n(2)
    }
}

differential! {
    /// the place may be assigned again once the borrow is over
    async fn assigned_between_borrows(t: Trace) -> u32 {
        let mut d = t.d(1);
        let mut sum = borrow_wait(&d).await;
        d = t.d(2);
        sum += borrow_wait(&d).await;
        d = t.later_d(3).await;
        sum + d.id()
    }
}

differential! {
    async fn linked_list_cursor(t: Trace) -> u32 {
        struct Node {
            value: D,
            next: Option<Box<Node>>,
        }
        let mut list = Node { value: t.d(1), next: None };
        list.next = Some(Box::new(Node { value: t.d(2), next: None }));
        let mut sum = 0;
        let mut cursor = Some(&mut list);
        while let Some(node) = cursor {
            sum += node.value.by_mut_wait().await;
            cursor = node.next.as_deref_mut();
        }
        sum + list.value.id()
    }
}

differential! {
    async fn address_of_a_borrowed_local_does_not_change(t: Trace) -> bool {
        let d = t.d(1);
        let x = t.n(2);
        let before = (&raw const d as usize, &raw const x as usize);
        t.wait(3, 1).await;
        before == (&raw const d as usize, &raw const x as usize)
    }
}

differential! {
    async fn refcell_borrow_across_an_await(t: Trace) -> Vec<u32> {
        let cell = RefCell::new(vec![t.n(1)]);
        let mut guard = cell.borrow_mut();
        guard.push(t.wait(2, 1).await);
        t.wait(cell.try_borrow().is_err() as u32, 1).await;
        drop(guard);
        t.wait(3, 1).await;
        cell.into_inner()
    }
}

differential! {
    /// a guard that is not named ends with its statement
    async fn temporary_refcell_borrow(t: Trace) -> (bool, bool) {
        let cell = RefCell::new(t.d(1));
        cell.borrow_mut().by_mut_wait().await;
        let free = cell.try_borrow_mut().is_ok();
        let other = Rc::new(cell);
        let held = match other.borrow().by_ref_wait().await {
            _ => other.try_borrow_mut().is_err(),
        };
        (free, held)
    }
}

differential! {
    #[allow(clippy::await_holding_lock)]
    async fn mutex_guard_across_an_await(t: Trace) -> (bool, u32) {
        let mutex = Mutex::new(t.n(1));
        let mut guard = mutex.lock().unwrap();
        *guard += t.wait(2, 1).await;
        let locked = mutex.try_lock().is_err();
        drop(guard);
        (locked, mutex.into_inner().unwrap())
    }
}

differential! {
    async fn cell_shared_with_a_closure(t: Trace) -> u32 {
        let cell = Cell::new(0);
        let add = |n: u32| cell.set(cell.get() + n);
        add(t.wait(1, 1).await);
        add(t.wait(2, 1).await);
        cell.get()
    }
}

differential! {
    async fn mem_replace_swap_take(t: Trace) -> (D, D, Vec<D>) {
        let (mut a, mut b, mut v) = (t.d(1), t.d(2), vec![t.d(3)]);
        let old = std::mem::replace(&mut a, t.later_d(4).await);
        std::mem::swap(&mut a, &mut b);
        t.wait(5, 1).await;
        v.push(old);
        (a, b, std::mem::take(&mut v))
    }
}

differential! {
    async fn option_take_and_replace(t: Trace) -> Option<D> {
        let mut slot = Some(t.d(1));
        let taken = slot.take();
        t.wait(2, 1).await;
        let none = slot.replace(t.later_d(3).await);
        assert!(none.is_none());
        if let Some(d) = taken {
            d.by_value();
        }
        slot.as_mut().unwrap().by_mut_wait().await;
        slot
    }
}

differential! {
    async fn box_deref_and_borrow(t: Trace) -> Box<D> {
        let mut b = Box::new(t.d(1));
        borrow_wait(&b).await;
        borrow_mut_wait(&mut b).await;
        (*b).set(5);
        let r: &D = &b;
        t.wait(r.id(), 1).await;
        b
    }
}
