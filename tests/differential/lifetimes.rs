//! Lifetimes without a name outside of the body, and the body's own opaque type inside of it.

use std::future::Future;
use std::pin::Pin;

use crate::harness::{borrow_wait, Trace, D};

differential_items! {
    mod recursion($co) {
        #[$co]
        async fn count(t: &Trace, n: u32) -> u32 {
            let _d = t.d(n);
            if n == 0 {
                return t.wait(9, 1).await;
            }
            Box::pin(count(t, n - 1)).await + t.n(1)
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            count(&t, 2).await
        }
    }
}

differential_items! {
    mod recursion_of_two($co) {
        #[$co]
        async fn is_even(t: &Trace, n: u32) -> bool {
            t.wait(n, 1).await;
            n == 0 || Box::pin(is_odd(t, n - 1)).await
        }

        #[$co]
        async fn is_odd(t: &Trace, n: u32) -> bool {
            match n {
                0 => false,
                n => {
                    let next: Pin<Box<dyn Future<Output = bool> + '_>> = Box::pin(is_even(t, n - 1));
                    next.await
                }
            }
        }

        #[$co]
        async fn body(t: Trace) -> (bool, bool) {
            (is_even(&t, 3).await, is_odd(&t, 1).await)
        }
    }
}

differential_items! {
    mod recursion_of_a_method($co) {
        struct Tree(D, Vec<Tree>);
        impl Tree {
            #[$co]
            async fn sum(&self, t: &Trace) -> u32 {
                let mut sum = borrow_wait(&self.0).await;
                for child in &self.1 {
                    sum += Box::pin(child.sum(t)).await;
                }
                sum
            }
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let leaf = Tree(t.d(1), vec![]);
            Tree(t.d(2), vec![leaf]).sum(&t).await
        }
    }
}

differential_items! {
    mod trait_method_borrows_its_generic_argument($co) {
        trait Each { async fn each<F: FnMut(u32)>(self, t: &Trace, f: F); }
        impl Each for Vec<D> {
            #[$co]
            async fn each<F: FnMut(u32)>(self, t: &Trace, mut f: F) {
                for d in self {
                    call(t, &mut f, d.id()).await;
                }
            }
        }

        #[$co]
        async fn call<F: FnMut(u32)>(t: &Trace, f: &mut F, n: u32) {
            f(t.wait(n, 1).await);
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let mut sum = 0;
            vec![t.d(1), t.d(2)].each(&t, |n| sum += n).await;
            sum
        }
    }
}

differential_items! {
    mod lifetimes_of_the_impl_and_of_the_method_meet($co) {
        trait Write { async fn write(self, t: &Trace, to: &mut String) -> usize; }
        impl Write for &str {
            #[$co]
            async fn write(self, t: &Trace, to: &mut String) -> usize {
                append(t, to, self).await
            }
        }
        struct Header<'b> { to: &'b mut String }
        impl<'b> Header<'b> {
            #[$co]
            async fn both(t: &Trace, to: &'b mut String, other: &mut String) -> usize {
                let header = Header { to };
                exchange(t, header.to, other).await
            }
        }

        #[$co]
        async fn append<'a>(t: &Trace, to: &'a mut String, text: &'a str) -> usize {
            t.wait(1, 1).await;
            to.push_str(text);
            to.len()
        }

        #[$co]
        async fn exchange<'a>(t: &Trace, a: &'a mut String, b: &'a mut String) -> usize {
            t.wait(2, 1).await;
            std::mem::swap(a, b);
            b.len()
        }

        #[$co]
        async fn body(t: Trace) -> (usize, usize) {
            let (mut a, mut b) = (String::new(), String::from("b"));
            ("text".write(&t, &mut a).await, Header::both(&t, &mut a, &mut b).await)
        }
    }
}

differential_items! {
    mod associated_function_borrows_its_argument($co) {
        struct Owner<R>(R);
        impl<R: Iterator<Item = D>> Owner<R> {
            #[$co]
            pub async fn new(t: &Trace, mut items: R) -> Owner<R> {
                first(t, &mut items).await;
                Owner(items)
            }
        }

        #[$co]
        async fn first<R: Iterator<Item = D>>(t: &Trace, items: &mut R) -> Option<u32> {
            t.wait(1, 1).await;
            Some(items.next()?.id())
        }

        #[$co]
        async fn body(t: Trace) -> usize {
            let items = vec![t.d(1), t.d(2)];
            Owner::new(&t, items.into_iter()).await.0.count()
        }
    }
}

differential_items! {
    mod method_by_value_borrows_from_itself($co) {
        struct Holder<T> { value: T }
        impl<T: AsRef<D>> Holder<T> {
            #[$co]
            async fn method(self) -> T {
                for value in [&self.value] {
                    borrow_wait(value.as_ref()).await;
                }
                self.value
            }
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            Holder { value: Box::new(t.d(1)) }.method().await.id()
        }
    }
}

differential_items! {
    mod boxed_futures_of_associated_types($co) {
        trait Manager { type Object; type Error; }
        type Hooked<'a, E> = Pin<Box<dyn Future<Output = Result<(), E>> + 'a>>;
        struct Hooks<M: Manager> {
            #[allow(clippy::type_complexity)]
            all: Vec<Box<dyn for<'a> Fn(&'a mut M::Object, &'a Trace) -> Hooked<'a, M::Error>>>,
        }
        impl<M: Manager> Hooks<M> {
            #[$co]
            pub(crate) async fn apply(&self, object: &mut M::Object, t: &Trace) -> Result<(), M::Error> {
                for hook in &self.all {
                    hook(object, t).await?;
                }
                Ok(())
            }
        }
        struct Numbers;
        impl Manager for Numbers { type Object = D; type Error = u32; }

        #[$co]
        async fn hook(d: &mut D, t: &Trace) -> Result<(), u32> {
            borrow_wait(d).await;
            if t.yes(1) { Err(t.n(7)) } else { Ok(()) }
        }

        #[$co]
        async fn body(t: Trace) -> Result<(), u32> {
            let hooks = Hooks::<Numbers> {
                all: vec![Box::new(|d, t| Box::pin(hook(d, t))), Box::new(|d, t| Box::pin(hook(d, t)))],
            };
            hooks.apply(&mut t.d(3), &t).await
        }
    }
}

differential_items! {
    mod argument_assigned_from_itself($co) {
        struct Pipe(D);
        impl Pipe {
            fn write<'a>(&'a self, bytes: &'a [u8]) -> std::future::Ready<(usize, &'a [u8])> {
                std::future::ready((1, bytes))
            }

            #[$co]
            pub async fn write_all(&self, t: &Trace, mut bytes: &[u8]) {
                while !bytes.is_empty() {
                    let n = self.write(bytes).await.0;
                    bytes = &bytes[t.wait(n as u32, 1).await as usize..];
                }
                t.op(self.0.id());
            }
        }

        #[$co]
        async fn body(t: Trace) {
            Pipe(t.d(5)).write_all(&t, b"ab").await;
        }
    }
}

differential_items! {
    mod output_without_its_lifetime($co) {
        struct Named(D, String);
        impl Named {
            #[$co]
            async fn name(&self, t: &Trace, other: &Named) -> &str {
                t.wait(other.0.id(), 1).await;
                &self.1
            }
        }

        #[$co]
        async fn body(t: Trace) -> usize {
            let named = Named(t.d(1), String::from("one"));
            let name = {
                let other = Named(t.d(2), String::new());
                named.name(&t, &other).await
            };
            name.len()
        }
    }
}

differential_items! {
    mod lifetimes_left_out_of_hidden_arguments($co) {
        #[$co]
        async fn both(
            t: &Trace,
            one: impl Into<Option<(u32, &str)>>,
            many: impl IntoIterator<Item = &D>,
            each: impl Fn(&str) -> usize,
        ) -> usize {
            let mut sum = 0;
            if let Some((n, text)) = one.into() {
                sum += each(text) + t.wait(n, 1).await as usize;
            }
            for d in many {
                sum += borrow_wait(d).await as usize;
            }
            sum
        }

        #[$co]
        async fn body(t: Trace) -> usize {
            let ds = [t.d(1), t.d(2)];
            both(&t, (3, "three"), &ds, str::len).await
        }
    }
}

differential! {
    /// the type of a variable may have no values
    async fn variable_without_values(t: Trace) -> u32 {
        let result: Result<u32, std::convert::Infallible> = Ok(t.wait(1, 1).await);
        match result {
            Ok(n) => n,
            Err(never) => {
                let text = t.d(2);
                t.wait(text.id(), 1).await;
                match never {}
            }
        }
    }
}

/// What is `Send` of a recursive function.
#[test]
fn send_and_recursive() {
    #[coloop::coroutine]
    async fn count(n: u32) -> u32 {
        if n == 0 {
            return 0;
        }
        Box::pin(count(n - 1)).await + 1
    }
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let thread = std::thread::spawn(|| coloop::run(is_send(count(3))));
    assert_eq!(thread.join().unwrap(), 3);
}
