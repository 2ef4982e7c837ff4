//! Labels, and variables of three macros, that are written alike.

macro_rules! in_a_loop {
    ($name:ident, $label:lifetime, $body:expr) => {
        #[coloop::coroutine]
        pub async fn $name() -> u32 {
            let mut n = 0;
            $label: for _ in 0..2 {
                'outer: loop {
                    n += 1;
                    std::future::ready(()).await;
                    if n > 5 {
                        break 'outer;
                    }
                    $body
                }
            }
            n
        }
    };
}

in_a_loop!(labels, 'outer, continue 'outer);

macro_rules! inner {
    ($name:ident, $a:expr, $b:expr) => {
        #[coloop::coroutine]
        pub async fn $name(x: u32) -> u32 {
            let x = x + $a + $b;
            std::future::ready(x).await
        }
    };
}

macro_rules! outer {
    ($name:ident, $b:expr) => {
        inner!($name, { let x = 1; x }, $b);
    };
}

outer!(variables, { let x = 2; x });

fn main() {}
