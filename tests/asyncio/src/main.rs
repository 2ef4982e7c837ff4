//! Prints the logs of scenarios on asyncio and on coloop, side by side.
//!
//! ```text
//! cargo run -p coloop-asyncio                        every scenario that differs, and why if that is known
//! cargo run -p coloop-asyncio -- locks               all scenarios of a topic
//! cargo run -p coloop-asyncio -- locks.fifo          one
//! cargo run -p coloop-asyncio -- --log locks.fifo    what coloop logs, alone
//! ```
//!
//! `COLOOP_PYTHON` names another Python than `python3`.

use std::env;
use std::error::Error;

use coloop_asyncio::compare::{logs, Log, Pair};
use coloop_asyncio::judge::{judge, known};
use coloop_asyncio::{process, scenarios, Scenario};

fn main() -> Result<(), Box<dyn Error>> {
    let mut wanted: Vec<String> = env::args().skip(1).collect();
    if wanted.first().is_some_and(|first| first == "--log") {
        wanted.remove(0);
        selected(&wanted).iter().for_each(Scenario::run);
        return Ok(());
    }
    let names: Vec<String> = selected(&wanted)
        .iter()
        .map(|scenario| scenario.name.to_owned())
        .collect();
    if names.is_empty() {
        return Err("there is no such scenario".into());
    }
    print(&names, !wanted.is_empty())
}

/// The scenarios of these names and topics; all, if there are none.
fn selected(wanted: &[String]) -> Vec<Scenario> {
    let is_wanted = |name: &str| {
        let topic = name.split('.').next();
        wanted
            .iter()
            .any(|one| one == name || Some(&**one) == topic)
    };
    scenarios()
        .filter(|scenario| wanted.is_empty() || is_wanted(scenario.name))
        .collect()
}

/// Prints those that differ, or all.
fn print(names: &[String], is_all: bool) -> Result<(), Box<dyn Error>> {
    let asyncio = process::asyncio(names)?.ok_or("there is no python3 here")?;
    let coloop = process::coloop(&env::current_exe()?, names)?;
    for failure in [&asyncio.failure, &coloop.failure].into_iter().flatten() {
        eprintln!("one side {failure}");
    }
    let (asyncio, coloop) = (logs(&asyncio.lines)?, logs(&coloop.lines)?);
    for name in names {
        let lines = |log: Option<&Log>| match log {
            Some(Log::Lines(lines)) => lines.clone(),
            Some(Log::Skipped(why)) => vec![format!("({why})")],
            None => Vec::new(),
        };
        let pair = Pair {
            name: name.clone(),
            asyncio: lines(asyncio.get(name)),
            coloop: lines(coloop.get(name)),
        };
        if is_all || pair.first_difference().is_some() {
            print!("{}", pair.side_by_side(true));
            println!("{}\n", known(name).map_or("", |known| known.why));
        }
    }
    if !is_all {
        println!("{}", judge(asyncio, coloop));
    }
    Ok(())
}
