//! `#[cfg]` in `gen!`, on a part that is taken apart.

fn main() {
    let numbers = coloop::gen! {
        #[cfg(unix)]
        yield 1;
        match std::future::ready(1).await {
            #[cfg(unix)]
            1 => yield 2,
            _ => {}
        }
        let _ = [
            #[cfg(unix)]
            std::future::ready(1).await,
        ];
    };
    drop(numbers);
}
