//! The functions that are measured, each as an `async fn` and as a coroutine.

use std::future::{ready, Future, Ready};
use std::pin::Pin;

/// Writes the same items twice, in two modules.
macro_rules! twice {
    ($($item:item)*) => {
        /// As rustc compiles them.
        pub mod native {
            use super::*;
            $($item)*
        }
        /// As coloop compiles them.
        pub mod compiled {
            use super::*;
            $(#[coloop::coroutine] $item)*
        }
    };
}

/// A value with a destructor, and something to hold on to.
pub struct Guard(pub u64);

impl Drop for Guard {
    fn drop(&mut self) {
        std::hint::black_box(self.0);
    }
}

/// A value that fills a cache line, with a destructor.
pub struct Packet(pub [u64; 8]);

impl Drop for Packet {
    fn drop(&mut self) {
        std::hint::black_box(self.0);
    }
}

impl Packet {
    pub fn send(self) -> Ready<Option<u64>> {
        ready(self.0.first().copied())
    }
}

/// A source of bytes.
pub struct Source(pub u64);

impl Source {
    pub fn read<'a>(&'a mut self, into: &'a mut [u8]) -> Reading<'a> {
        Reading { source: self, into }
    }

    pub fn next(&mut self) -> Ready<Option<u64>> {
        self.0 -= 1;
        ready((self.0 > 0).then_some(self.0))
    }
}

/// A read that borrows both sides.
pub struct Reading<'a> {
    source: &'a mut Source,
    into: &'a mut [u8],
}

impl Future for Reading<'_> {
    type Output = Result<usize, String>;

    fn poll(
        mut self: Pin<&mut Self>,
        _cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Self::Output> {
        self.source.0 += 1;
        self.into.fill(1);
        std::task::Poll::Ready(Ok(self.into.len()))
    }
}

fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte)).sum()
}

twice! {
    pub async fn one_await() -> u64 { ready(1).await }

    pub async fn argument_used_after(x: [u8; 64]) -> u64 {
        ready(()).await;
        checksum(&x)
    }

    pub async fn argument_passed_on(x: [u8; 1024]) -> u64 { ready(x).await.len() as u64 }

    pub async fn c(x: [u8; 1024]) -> u64 {
        ready(()).await;
        checksum(&x)
    }

    pub async fn b(x: [u8; 1024]) -> u64 { c(x).await }

    pub async fn a_b_c(x: [u8; 1024]) -> u64 { b(x).await }

    pub async fn held(x: [u8; 4096]) -> u64 {
        ready(()).await;
        checksum(&x)
    }

    pub async fn wrapper_1(x: [u8; 4096]) -> u64 { held(x).await }

    pub async fn wrapper_2(x: [u8; 4096]) -> u64 { wrapper_1(x).await }

    pub async fn wrapper_3(x: [u8; 4096]) -> u64 { wrapper_2(x).await }

    pub async fn four_wrappers(x: [u8; 4096]) -> u64 { wrapper_3(x).await }

    pub async fn buffer_in_the_body(source: &mut Source) -> Result<u64, String> {
        let mut buffer = [0; 512];
        let count = source.read(&mut buffer).await?;
        Ok(checksum(&buffer[..count]))
    }

    pub async fn buffers_one_after_the_other(source: &mut Source) -> Result<u64, String> {
        let first = {
            let mut buffer = [0; 512];
            source.read(&mut buffer).await?;
            checksum(&buffer)
        };
        let second = {
            let mut buffer = [0; 256];
            source.read(&mut buffer).await?;
            checksum(&buffer)
        };
        Ok(first + second)
    }

    pub async fn guard_across(x: u64) -> u64 {
        let guard = Guard(x);
        let more = ready(2).await;
        guard.0 + more
    }

    pub async fn guard_dropped_before(x: u64) -> u64 {
        let guard = Guard(x);
        drop(guard);
        ready(2).await
    }

    pub async fn guard_in_a_block(x: u64) -> u64 {
        let n = {
            let guard = Guard(x);
            ready(guard.0).await
        };
        ready(n).await + ready(n).await
    }

    pub async fn branches(x: u64) -> u64 {
        if x > 1 {
            let packet = Packet([x; 8]);
            ready(()).await;
            packet.0[0]
        } else {
            let guard = Guard(x);
            ready(()).await;
            guard.0
        }
    }

    pub async fn arms(x: Option<Result<u64, String>>) -> u64 {
        match x {
            Some(Ok(n)) => ready(n).await,
            Some(Err(text)) => {
                ready(()).await;
                text.len() as u64
            }
            None => 0,
        }
    }

    pub async fn looped(n: u64) -> u64 {
        let mut sum = 0;
        for i in 0..n {
            sum += ready(i).await;
        }
        sum
    }

    pub async fn channel(mut source: Source) -> u64 {
        let mut sum = 0;
        while let Some(n) = source.next().await {
            sum += n;
        }
        sum
    }

    pub async fn nested_loops(rows: Vec<Vec<u64>>) -> u64 {
        let mut sum = 0;
        for row in rows {
            for cell in row {
                sum += ready(cell).await;
            }
        }
        sum
    }

    pub async fn operands() -> u64 {
        u64::max(ready(1).await, ready(2).await) + ready(3).await
    }

    pub async fn one_after_the_other() -> u64 {
        let a = argument_used_after([1; 64]).await;
        let b = c([2; 1024]).await;
        let d = guard_across(3).await;
        a + b + d
    }

    pub async fn shadowed(x: [u8; 256]) -> u64 {
        let x = ready(x).await;
        let x = ready(x).await;
        let x = ready(x).await;
        checksum(&x)
    }

    pub async fn passed_along(x: [u8; 256]) -> [u8; 256] {
        let y = ready(x).await;
        ready(y).await
    }

    pub async fn two_at_once(x: u64) -> u64 {
        let mut first = Box::pin(c([1; 1024]));
        let second = guard_across(x);
        let sum = second.await;
        sum + first.as_mut().await
    }

    pub async fn boxed(n: u64) -> u64 {
        let inner: Pin<Box<dyn Future<Output = u64>>> = Box::pin(ready(n));
        inner.await + 1
    }

    pub async fn closure_held(x: [u64; 4]) -> u64 {
        let add = move |n: u64| x[0] + n;
        let n = ready(1).await;
        add(n)
    }

    pub async fn consumed(x: u64) -> Option<u64> {
        let packet = Packet([x; 8]);
        packet.send().await
    }

    pub async fn returned_early(x: Result<u64, String>) -> Result<u64, String> {
        let n = x?;
        if n == 0 {
            return Err(ready(String::from("zero")).await);
        }
        Ok(ready(n).await + 1)
    }

    pub async fn strings(name: String) -> String {
        let greeting = format!("hello {}", ready(&name).await);
        ready(greeting).await + &name
    }

    pub async fn flag_after_an_await(x: u64) -> u64 {
        let flag = ready(x > 1).await;
        let n = ready(x).await;
        if flag { n } else { 0 }
    }

    pub async fn small_values(x: u8) -> u32 {
        let a = ready(x).await;
        let b = ready(u16::from(a)).await;
        let d = ready(u32::from(b)).await;
        ready(()).await;
        u32::from(a) + u32::from(b) + d
    }

    pub async fn spawned(x: [u64; 16]) -> u64 {
        let task = async move {
            ready(()).await;
            x[0]
        };
        task.await
    }

    pub async fn retried(mut source: Source) -> Result<u64, String> {
        let mut tries = 0;
        loop {
            let mut buffer = [0; 128];
            match source.read(&mut buffer).await {
                Ok(count) => break Ok(checksum(&buffer[..count])),
                Err(error) if tries > 2 => break Err(error),
                Err(_) => tries += 1,
            }
            ready(()).await;
        }
    }

    pub async fn generic<T: Clone>(value: T) -> (T, T) {
        let copy = ready(value.clone()).await;
        (value, copy)
    }
}
