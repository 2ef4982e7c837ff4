//! The command line.

/// What is printed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Output {
    /// The results of these passes.
    Passes(Vec<Pass>),
    /// The states as a graph.
    Graph,
}

/// A pass.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pass {
    Parse,
    Check,
    Lower,
    Analysis,
    Frame,
    Emit,
}

impl Pass {
    const ALL: [Pass; 6] = [
        Pass::Parse,
        Pass::Check,
        Pass::Lower,
        Pass::Analysis,
        Pass::Frame,
        Pass::Emit,
    ];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Pass::Parse => "parse",
            Pass::Check => "check",
            Pass::Lower => "lower",
            Pass::Analysis => "analysis",
            Pass::Frame => "frame",
            Pass::Emit => "emit",
        }
    }

    fn of(name: &str) -> Result<Pass, String> {
        let known = Pass::ALL.into_iter().find(|pass| pass.name() == name);
        known.ok_or_else(|| {
            let names: Vec<_> = Pass::ALL.iter().map(|pass| pass.name()).collect();
            format!("no pass `{name}`; there are {}", names.join(", "))
        })
    }
}

/// The arguments.
#[derive(Clone, Debug)]
pub struct Arguments {
    pub file: String,
    pub function: String,
    pub output: Output,
}

const USAGE: &str = "usage: passes FILE FUNCTION [--pass PASS] [--dot]";

impl Arguments {
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Arguments, String> {
        let (mut positional, mut passes, mut graph) = (Vec::new(), Vec::new(), false);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--pass" => {
                    let name = arguments
                        .next()
                        .ok_or("`--pass` needs the name of a pass")?;
                    passes.push(Pass::of(&name)?);
                }
                "--dot" => graph = true,
                option if option.starts_with("--") => {
                    return Err(format!("no option `{option}`; {USAGE}"));
                }
                _ => positional.push(argument),
            }
        }
        let [file, function] = <[String; 2]>::try_from(positional).map_err(|_| USAGE.to_owned())?;
        let output = match (graph, passes.is_empty()) {
            (true, true) => Output::Graph,
            (true, false) => {
                return Err("`--dot` prints states, not a pass; leave one of both out".to_owned());
            }
            (false, true) => Output::Passes(Pass::ALL.to_vec()),
            (false, false) => Output::Passes(passes),
        };
        Ok(Arguments {
            file,
            function,
            output,
        })
    }
}
