//! Small programs of several functions: handlers, parsers, retries, readers and writers, servers, transactions.

// Fields that are printed only.
#![allow(dead_code)]

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt::{Debug, Display};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use futures::io::{
    AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, Cursor,
};
use futures::{Stream, StreamExt, TryStreamExt};

use crate::harness::{borrow_wait, Pair, Trace, D, E};

differential_items! {
    mod http_handler($co) {
        #[derive(Debug)]
        enum Error { NotFound(String), Method { got: String }, Body(std::num::ParseIntError) }
        impl From<std::num::ParseIntError> for Error {
            fn from(e: std::num::ParseIntError) -> Self { Error::Body(e) }
        }
        struct Request<'a> { method: &'a str, path: &'a str, body: Option<String>, d: D }
        #[derive(Debug)]
        struct Response { status: u16, body: String, d: D }
        #[$co]
        async fn route(t: &Trace, req: Request<'_>) -> Result<Response, Error> {
            let Request { method, path, body, d } = req;
            let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
            match (method, parts.as_slice()) {
                ("GET", ["users", id]) => {
                    let id: u32 = id.parse()?;
                    let name = t.later(id, format!("user{id}")).await;
                    Ok(Response { status: 200, body: name, d })
                }
                ("POST", ["sum"]) => {
                    let body = body.unwrap_or_default();
                    let mut sum = 0;
                    for part in body.split(',') {
                        sum += t.wait(part.trim().parse::<u32>()?, 1).await;
                    }
                    Ok(Response { status: 201, body: sum.to_string(), d })
                }
                ("GET" | "POST", _) => Err(Error::NotFound(path.to_owned())),
                (other, rest) if rest.len() < 5 => {
                    t.wait(9, 1).await;
                    Err(Error::Method { got: other.into() })
                }
                _ => unreachable!(),
            }
        }
        #[$co]
        async fn body(t: Trace) -> Vec<Result<Response, Error>> {
            let mut all = Vec::new();
            for (i, (method, path, body)) in [
                ("GET", "/users/7", None), ("GET", "/users/x", None), ("POST", "/sum", Some("1, 2".to_string())),
                ("PUT", "/a/b", None), ("GET", "/", None),
            ].into_iter().enumerate() {
                all.push(route(&t, Request { method, path, body, d: t.d(i as u32 + 20) }).await);
            }
            all
        }
    }
}

differential_items! {
    mod retry_with_backoff($co) {
        #[$co]
        async fn retry<F, Fut, T, Err>(t: &Trace, mut attempts: u32, mut f: F) -> Result<T, Err>
        where F: FnMut(u32) -> Fut, Fut: Future<Output = Result<T, Err>>, Err: Display {
            let mut backoff = 1;
            loop {
                match f(attempts).await {
                    Ok(v) => return Ok(v),
                    Err(e) if attempts > 1 => {
                        attempts -= 1;
                        let text = e.to_string();
                        t.wait(backoff + text.len() as u32, 1).await;
                        backoff *= 2;
                    }
                    Err(e) => break Err(e),
                }
            }
        }
        #[$co]
        async fn body(t: Trace) -> (Result<D, String>, Result<D, String>) {
            let tries = RefCell::new(Vec::new());
            let a = retry(&t, 3, |n| {
                tries.borrow_mut().push(n);
                let t = &t;
                async move { t.wait(n, 1).await; if n == 1 { Ok(t.d(n)) } else { Err(format!("no {n}")) } }
            }).await;
            let b = retry(&t, 2, |n| async move { Err(format!("never {n}")) }).await;
            t.op(tries.into_inner().len() as u32);
            (a, b)
        }
    }
}

differential_items! {
    mod parser_over_a_state_enum($co) {
        #[derive(Debug)]
        enum State { Start, Number { digits: String, d: D }, Done(Vec<u32>, D), Failed }
        #[$co]
        async fn parse(t: Trace, text: &str) -> Result<Vec<u32>, String> {
            let mut chars = text.chars().peekable();
            let mut state = State::Start;
            let mut out = vec![];
            loop {
                state = match state {
                    State::Start => match chars.next() {
                        Some(c) if c.is_ascii_digit() => State::Number { digits: c.to_string(), d: t.later_d(1).await },
                        Some(' ') => State::Start,
                        None => State::Done(std::mem::take(&mut out), t.d(2)),
                        Some(_) => State::Failed,
                    },
                    State::Number { mut digits, d } => {
                        while let Some(c) = chars.next_if(|c| c.is_ascii_digit()) {
                            digits.push(c);
                            borrow_wait(&d).await;
                        }
                        out.push(digits.parse().map_err(|e| format!("{e}"))?);
                        State::Start
                    }
                    State::Done(out, d) => {
                        t.wait(d.id(), 1).await;
                        return Ok(out);
                    }
                    State::Failed => return Err(format!("at {:?}", chars.peek())),
                }
            }
        }
        #[$co]
        async fn body(t: Trace) -> (Result<Vec<u32>, String>, Result<Vec<u32>, String>, Result<Vec<u32>, String>) {
            (parse(t.clone(), "12 3").await, parse(t.clone(), "4 x").await, parse(t, "99999999999").await)
        }
    }
}

differential_items! {
    mod generic_copy($co) {
        #[$co]
        async fn copy<R, W>(t: &Trace, mut reader: R, mut writer: W) -> std::io::Result<(u64, W)>
        where R: AsyncRead + Unpin, W: AsyncWrite + Unpin {
            let mut buffer = [0u8; 4];
            let mut total = 0;
            loop {
                let n = reader.read(&mut buffer).await?;
                if n == 0 { break; }
                writer.write_all(&buffer[..n]).await?;
                total += n as u64;
                t.wait(n as u32, 1).await;
            }
            writer.flush().await?;
            Ok((total, writer))
        }
        #[$co]
        async fn body(t: Trace) -> (u64, Vec<u8>) {
            let (n, w) = copy(&t, &b"hello world"[..], Cursor::new(Vec::new())).await.unwrap();
            (n, w.into_inner())
        }
    }
}

differential_items! {
    mod lines_of_a_reader($co) {
        #[$co]
        async fn headers(t: &Trace, r: impl AsyncRead + Unpin) -> std::io::Result<BTreeMap<String, String>> {
            let mut lines = BufReader::new(r).lines();
            let mut map = BTreeMap::new();
            while let Some(line) = lines.next().await {
                let line = line?;
                t.wait(line.len() as u32, 1).await;
                let Some((name, value)) = line.split_once(':') else {
                    if line.is_empty() { break } else { continue }
                };
                map.entry(name.to_ascii_lowercase()).or_insert_with(String::new).push_str(value.trim());
            }
            Ok(map)
        }
        #[$co]
        async fn body(t: Trace) -> BTreeMap<String, String> {
            headers(&t, &b"Host: a\nbad\nHOST: b\nX: c\n\nrest: no"[..]).await.unwrap()
        }
    }
}

differential_items! {
    mod builder($co) {
        #[derive(Debug, Default)]
        struct Builder { name: Option<String>, tags: Vec<String>, d: Option<D> }
        impl Builder {
            fn name(mut self, name: impl Into<String>) -> Self { self.name = Some(name.into()); self }
            fn tag(mut self, tag: &str) -> Self { self.tags.push(tag.to_owned()); self }
            fn d(mut self, d: D) -> Self { self.d = Some(d); self }
            #[$co]
            async fn build(self, t: &Trace) -> Result<(String, Vec<String>, D), &'static str> {
                let Builder { name, tags, d } = self;
                let name = name.ok_or("no name")?;
                t.wait(8, 1).await;
                let d = d.ok_or("no d")?;
                Ok((name, tags, d))
            }
        }
        #[$co]
        async fn body(t: Trace) -> u32 {
            let made = Builder::default()
                .name("a")
                .tag(&t.later(1, "c".to_string()).await)
                .d(t.later_d(2).await)
                .build(&t)
                .await;
            let failed = Builder::default().d(t.d(3)).build(&t).await;
            match (made, failed) {
                (Ok((name, tags, d)), Err(e)) => (name.len() + tags.len() + e.len()) as u32 + t.wait(d.id(), 1).await,
                _ => 0,
            }
        }
    }
}

differential_items! {
    mod dyn_handlers($co) {
        trait Handler { fn call<'a>(&'a mut self, n: u32) -> Pin<Box<dyn Future<Output = u32> + 'a>>; }
        struct Add { d: D, by: u32 }
        impl Handler for Add {
            fn call<'a>(&'a mut self, n: u32) -> Pin<Box<dyn Future<Output = u32> + 'a>> {
                Box::pin(async move { self.by += 1; borrow_wait(&self.d).await; n + self.by })
            }
        }
        impl<F: FnMut(u32) -> u32> Handler for F {
            fn call<'a>(&'a mut self, n: u32) -> Pin<Box<dyn Future<Output = u32> + 'a>> {
                let n = self(n);
                Box::pin(async move { n })
            }
        }
        #[$co]
        async fn chain(handlers: &mut [Box<dyn Handler + '_>], mut n: u32) -> u32 {
            for handler in handlers.iter_mut() { n = handler.call(n).await; }
            n
        }
        #[$co]
        async fn body(t: Trace) -> (u32, u32) {
            let mut calls = 0;
            let mut handlers: Vec<Box<dyn Handler + '_>> = vec![
                Box::new(Add { d: t.d(1), by: 2 }),
                Box::new(|n| { calls += 1; t.op(n); n * 2 }),
                Box::new(Add { d: t.d(3), by: 5 }),
            ];
            let a = chain(&mut handlers, 1).await;
            let b = chain(&mut handlers[1..], a).await;
            drop(handlers);
            (b, calls)
        }
    }
}

differential_items! {
    mod error_conversion_chain($co) {
        #[$co]
        async fn step(t: &Trace, n: u32) -> Result<D, E> {
            match t.later_d(n).await { d if n < 3 => Ok(d), _d => Err(E(n)) }
        }
        #[$co]
        async fn body(t: Trace) -> Result<u32, String> {
            let a = step(&t, 1).await?;
            let sum = a.id() + step(&t, 2).await.map_err(|E(n)| format!("mapped {n}"))?.id();
            let or = step(&t, 3).await.or_else(|e| if e == E(3) { Ok(t.d(30)) } else { Err(e) })?;
            let both = Pair { a: step(&t, 1).await?, b: or };
            let last = step(&t, sum + 5).await?;
            Ok(both.b.id() + last.id())
        }
    }
}

differential_items! {
    mod stream_argument($co) {
        #[$co]
        async fn fold<S, T, A>(t: &Trace, mut stream: Pin<&mut S>, init: A, f: impl Fn(A, T) -> A) -> A
        where S: Stream<Item = T> {
            let mut acc = init;
            while let Some(item) = stream.next().await {
                acc = f(acc, item);
                t.wait(3, 1).await;
            }
            acc
        }
        #[$co]
        async fn body(t: Trace) -> (u32, Result<Vec<u32>, E>) {
            let s = futures::stream::iter(1..4).then(|n| { let t = &t; async move { t.wait(n, 1).await } });
            let mut s = std::pin::pin!(s);
            let sum = fold(&t, s.as_mut(), 0, |a, n| a + n).await;
            let all = futures::stream::iter([Ok(1), Err(E(2)), Ok(3)]).try_collect::<Vec<u32>>().await;
            (sum, all)
        }
    }
}

differential_items! {
    mod connection_with_borrowed_transaction($co) {
        struct Conn { d: D, log: Vec<String> }
        struct Tx<'c> { conn: &'c mut Conn, done: bool }
        impl Conn {
            #[$co]
            async fn begin(&mut self) -> Tx<'_> {
                self.d.by_mut_wait().await;
                self.log.push("begin".into());
                Tx { conn: self, done: false }
            }
        }
        impl<'c> Tx<'c> {
            #[$co]
            async fn exec(&mut self, sql: &str) -> Result<usize, String> {
                if sql.is_empty() { Err("empty")? }
                borrow_wait(&self.conn.d).await;
                self.conn.log.push(sql.to_owned());
                Ok(self.conn.log.len())
            }
            #[$co]
            async fn commit(mut self) -> usize {
                borrow_wait(&self.conn.d).await;
                self.done = true;
                self.conn.log.push("commit".into());
                self.conn.log.len()
            }
        }
        impl Drop for Tx<'_> {
            fn drop(&mut self) { if !self.done { self.conn.log.push("rollback".into()); } }
        }
        #[$co]
        async fn body(t: Trace) -> Vec<String> {
            let mut conn = Conn { d: t.d(1), log: vec![] };
            {
                let mut tx = conn.begin().await;
                tx.exec("a").await.unwrap();
                let _ = tx.exec("").await.unwrap_err();
            }
            let mut tx = conn.begin().await;
            let n = tx.exec("b").await.unwrap();
            t.op(n as u32);
            let n = tx.commit().await;
            conn.log.push(format!("{n} entries"));
            conn.log
        }
    }
}

differential_items! {
    mod generic_cache($co) {
        struct Cache<K, V> { map: HashMap<K, V>, misses: u32 }
        impl<K: std::hash::Hash + Eq + Clone + Debug, V> Cache<K, V> {
            #[$co]
            async fn get_or<Fut>(&mut self, key: K, load: impl FnOnce(K) -> Fut) -> Option<&mut V>
            where Fut: Future<Output = Option<V>> {
                if !self.map.contains_key(&key) {
                    self.misses += 1;
                    let v = load(key.clone()).await?;
                    self.map.insert(key.clone(), v);
                }
                self.map.get_mut(&key)
            }
        }
        #[$co]
        async fn body(t: Trace) -> (u32, u32, bool) {
            let mut cache = Cache { map: HashMap::new(), misses: 0 };
            let load = |k: &str| t.wait(k.len() as u32, 1);
            cache.get_or("a", |k| async { load(k).await; Some(t.d(1)) }).await.unwrap().set(4);
            let n = cache.get_or("a", |_| async { None }).await.unwrap().id();
            let none = cache.get_or("b", |_| async { t.wait(7, 1).await; None }).await.is_none();
            (n, cache.misses, none)
        }
    }
}

differential_items! {
    mod event_loop_over_a_channel($co) {
        #[derive(Debug)]
        enum Command { Set { key: &'static str, value: D }, Get(&'static str, Reply), Quit }
        type Reply = Rc<RefCell<Vec<Option<u32>>>>;
        #[$co]
        async fn serve(t: &Trace, mut commands: impl Stream<Item = Command> + Unpin) -> Result<usize, E> {
            let mut store = HashMap::new();
            let mut handled = 0;
            while let Some(command) = commands.next().await {
                handled += 1;
                match command {
                    Command::Set { key, value } if key.is_empty() => {
                        value.by_ref_wait().await;
                        return Err(E(handled as u32));
                    }
                    Command::Set { key, value } => {
                        if let Some(old) = store.insert(key, value) { t.wait(old.id(), 1).await; }
                    }
                    Command::Get(key, reply) => {
                        let found = match store.get(key) { Some(d) => Some(borrow_wait(d).await), None => None };
                        reply.borrow_mut().push(found);
                    }
                    Command::Quit => break,
                }
            }
            Ok(handled)
        }
        #[$co]
        async fn body(t: Trace) -> (Result<usize, E>, Result<usize, E>, usize) {
            let reply = Reply::default();
            let commands = vec![
                Command::Set { key: "a", value: t.d(1) }, Command::Get("a", reply.clone()),
                Command::Set { key: "a", value: t.d(2) }, Command::Get("b", reply.clone()), Command::Quit,
                Command::Set { key: "c", value: t.d(3) },
            ];
            let a = serve(&t, futures::stream::iter(commands)).await;
            let b = serve(&t, futures::stream::iter([Command::Set { key: "", value: t.d(4) }])).await;
            let n = reply.borrow().iter().flatten().count();
            (a, b, n)
        }
    }
}
