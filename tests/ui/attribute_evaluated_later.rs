//! An attribute that rustc evaluates after the coroutine has been compiled, in `gen!`, on a part that is
//! taken apart.

struct Ticks {
    first: u32,
    second: u32,
}

async fn tick(n: u32) -> u32 {
    n
}

fn function(n: u32) {
    let numbers = coloop::gen! {
        yield n;
        #[cfg(unix)]
        tick(n).await;
        match n {
            #[cfg(unix)]
            1 => drop(tick(1).await),
            _ => drop(tick(2).await),
        }
        #[cfg(unix)]
        if tick(3).await == 3 {
            #[cfg(unix)]
            loop {
                break drop(tick(4).await);
            }
        }
        #[cfg(unix)]
        {
            tick(5).await;
        }
        let ticks = Ticks {
            first: 6,
            #[cfg(unix)]
            second: tick(7).await,
        };
        drop(ticks.first + ticks.second);
        #[cfg(unix)]
        return drop(tick(8).await);
    };
    drop(numbers);
}

fn main() {
    function(1);
}
