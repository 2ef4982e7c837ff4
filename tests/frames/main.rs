//! The size of frames: rustc's, ours, and the largest set of values that are alive at once, in bytes. No frame of ours may
//! be larger than rustc's, but for those in [`LARGER`], and no generator larger than one of `async-stream`.
//!
//! ```text
//! cargo test -p coloop-tests --test frames
//! ```

mod generators;
mod shapes;

use std::mem::{size_of, size_of_val};
use std::process::ExitCode;

use shapes::{compiled, native, Guard, Packet, Source};

/// One function.
struct Shape {
    name: &'static str,
    rustc: usize,
    coloop: usize,
    /// What is alive at the suspension where that is most: it cannot be less.
    alive: usize,
}

/// Measures a function: `name(arguments), alive`.
macro_rules! shapes {
    ($($name:ident($($argument:expr),*), $alive:expr;)*) => {
        [$(Shape {
            name: stringify!($name),
            rustc: { let f = native::$name($($argument),*); size_of_val(&f) },
            coloop: { let f = compiled::$name($($argument),*); size_of_val(&f) },
            alive: $alive,
        }),*]
    };
}

/// The functions whose frame is larger than rustc's, and why.
const LARGER: &[(&str, &str)] = &[(
    "consumed",
    "whether a method consumes its receiver is known only when the types are, too late to give it no storage",
)];

const U64: usize = size_of::<u64>();
const READY: usize = size_of::<Option<u64>>();
const REFERENCE: usize = size_of::<&u8>();
const STRING: usize = size_of::<String>();

#[allow(clippy::too_many_lines)]
fn shapes() -> Vec<Shape> {
    let mut source = Source(1);
    let reading = 3 * REFERENCE;
    let c = size_of_val(&compiled::c([0; 1024]));
    shapes! {
        one_await(), READY;
        argument_used_after([0; 64]), 64 + 1;
        argument_passed_on([0; 1024]), 1025;
        c([0; 1024]), 1024 + 1;
        b([0; 1024]), 1024 + 1;
        a_b_c([0; 1024]), 1024 + 1;
        held([0; 4096]), 4096 + 1;
        four_wrappers([0; 4096]), 4096 + 1;
        buffer_in_the_body(&mut source), 512 + reading;
        buffers_one_after_the_other(&mut source), 512 + reading + REFERENCE;
        guard_across(1), size_of::<Guard>() + READY;
        guard_dropped_before(1), READY;
        guard_in_a_block(1), size_of::<Guard>() + READY;
        branches(1), size_of::<Packet>() + 1;
        arms(None), STRING + 1;
        looped(1), 3 * U64 + READY;
        channel(Source(1)), 2 * U64 + READY;
        nested_loops(Vec::new()), 8 * U64 + U64 + READY;
        operands(), U64 + READY;
        one_after_the_other(), c + U64;
        shadowed([0; 256]), 257;
        passed_along([0; 256]), 257;
        two_at_once(1), size_of_val(&compiled::guard_across(1)) + REFERENCE;
        boxed(1), 2 * REFERENCE;
        closure_held([0; 4]), 4 * U64 + READY;
        consumed(1), READY;
        returned_early(Ok(1)), STRING;
        strings(String::new()), 2 * STRING;
        flag_after_an_await(1), READY + 1;
        small_values(1), 1 + 2 + 4 + 1;
        spawned([0; 16]), 16 * U64 + 1;
        retried(Source(1)), 128 + reading + U64 + 4;
        generic(String::new()), 2 * STRING;
    }
    .into()
}

fn main() -> ExitCode {
    let shapes = shapes();
    let width = shapes
        .iter()
        .map(|shape| shape.name.len())
        .max()
        .unwrap_or(0);
    println!("{:width$}  async fn  coroutine  ratio  alive", "");
    for shape in &shapes {
        let Shape {
            name,
            rustc,
            coloop,
            alive,
        } = shape;
        #[allow(clippy::cast_precision_loss)]
        let ratio = *coloop as f64 / *rustc as f64;
        let why = LARGER.iter().find(|(known, _)| known == name);
        let mark = match (coloop > rustc, why) {
            (false, None) => String::new(),
            (true, Some((_, why))) => format!("  larger: {why}"),
            (true, None) => "  LARGER".to_owned(),
            (false, Some(_)) => "  NOT LARGER, as the list says".to_owned(),
        };
        println!("{name:width$}  {rustc:8}  {coloop:9}  {ratio:5.2}  {alive:5}{mark}");
    }
    let is_wrong = |shape: &&Shape| {
        let listed = LARGER.iter().any(|(name, _)| *name == shape.name);
        (shape.coloop > shape.rustc) != listed
    };
    let wrong = shapes.iter().filter(is_wrong).count() + generators();
    match wrong {
        0 => ExitCode::SUCCESS,
        count => {
            println!("{count} frames are larger than rustc's, or not as large as is said");
            ExitCode::FAILURE
        }
    }
}

/// Prints the generators; how many are larger than one of `async-stream`.
fn generators() -> usize {
    println!("\n{:14}  async-stream  by hand  generator", "");
    let mut larger = 0;
    for shape in generators::shapes() {
        let theirs = shape.async_stream;
        let shown = theirs.map_or_else(String::new, |bytes| bytes.to_string());
        let generators::Shape {
            name,
            by_hand,
            coloop,
            ..
        } = shape;
        println!("{name:14}  {shown:>12}  {by_hand:7}  {coloop:9}");
        larger += usize::from(theirs.is_some_and(|bytes| coloop > bytes));
    }
    larger
}
