//! The command line.

use std::fmt::Write;
use std::str::FromStr;
use std::thread::available_parallelism;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::features::Feature;
use crate::generate::Of;

#[derive(Clone, Debug)]
pub struct Options {
    pub seed: u64,
    /// The number of the first body.
    pub from: u64,
    pub bodies: u64,
    /// How many bodies are in one crate.
    pub batch: u64,
    /// How many crates are compiled at a time.
    pub jobs: usize,
    pub without: Vec<Feature>,
    /// What the bodies are of.
    pub of: Of,
    /// Compile with AddressSanitizer.
    pub asan: bool,
    /// How many failures are shrunk at most.
    pub shrink: usize,
    /// Print what rustc says about the bodies that it does not accept.
    pub explain: bool,
    /// Print the bodies, do nothing else.
    pub print: bool,
}

/// The options of this process, or what to tell the user.
pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut arguments = arguments;
    let mut options = Options {
        seed: fresh_seed(),
        from: 0,
        bodies: 200,
        batch: 50,
        jobs: available_parallelism().map_or(1, usize::from),
        without: Vec::new(),
        of: Of::Coroutine,
        asan: false,
        shrink: 5,
        explain: false,
        print: false,
    };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_default();
        match &*argument {
            "--seed" => options.seed = number(&argument, &value())?,
            "--from" => options.from = number(&argument, &value())?,
            "--bodies" => options.bodies = number(&argument, &value())?,
            "--batch" => options.batch = number::<u64>(&argument, &value())?.max(1),
            "--jobs" => options.jobs = number::<usize>(&argument, &value())?.max(1),
            "--without" => options.without = features(&value())?,
            "--generators" => options.of = Of::Generator,
            "--asan" => options.asan = true,
            "--shrink" => options.shrink = number(&argument, &value())?,
            "--explain" => options.explain = true,
            "--print" => options.print = true,
            _ => return Err(usage()),
        }
    }
    Ok(options)
}

fn number<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    let number = value.parse();
    number.map_err(|_| format!("{name} takes a number, not `{value}`"))
}

fn features(names: &str) -> Result<Vec<Feature>, String> {
    let feature = |name: &str| {
        let found = Feature::ALL.iter().find(|(known, ..)| *known == name);
        let feature = found.map(|(_, feature, _)| *feature);
        feature.ok_or_else(|| format!("there is no feature `{name}`\n\n{}", usage()))
    };
    names.split(',').map(feature).collect()
}

fn usage() -> String {
    let mut text = "coloop-random [--bodies N] [--seed S] [--from K] [--batch N] [--jobs N] [--shrink N] [--generators] [--asan] [--explain] [--print] \
                    [--without FEATURE,…]\n\nfeatures:\n"
        .to_owned();
    for (name, _, covers) in Feature::ALL {
        writeln!(text, "  {name:18}{covers}").expect("a String takes everything");
    }
    text
}

fn fresh_seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| now.as_secs())
}
