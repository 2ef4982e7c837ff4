//! What the attribute costs at compile time: 500 functions as `async fn` and as `#[coroutine]`, checked and built.
//!
//! ```text
//! cargo bench -p coloop-benches --bench compile_time              the table; `-- --passes` for rustc's own times too
//! ```
//!
//! The functions are five shapes that occur in clients of a database, repeated; all are polled once, so that what is
//! measured is their code, not only their types. Nothing is incremental, and each figure is the least of several runs on a
//! machine that should have nothing else to do. rustc tells its own times only if unstable options are allowed, as here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How many functions there are.
const FUNCTIONS: usize = 500;
/// How often each command is run.
const RUNS: usize = 3;

/// What the functions call.
const CONNECTION: &str = r#"
#[derive(Debug)]
pub enum Error { Empty }

pub struct Connection;

impl Connection {
    pub async fn get(&self, key: &str) -> Result<Vec<String>, Error> { Ok(vec![key.to_owned()]) }
    pub async fn size(&self, key: &str) -> Result<u64, Error> {
        if key.is_empty() { Err(Error::Empty) } else { Ok(key.len() as u64) }
    }
    pub async fn name(&self, n: u64) -> Option<String> { Some(n.to_string()) }
    pub async fn pause(&self, _n: u64) {}
}
"#;

/// The shapes: the arguments after the connection, the values for them, what follows.
const SHAPES: [(&str, &str, &str); 5] = [
    (
        "key: String",
        "String::new()",
        r#"-> Result<u64, Error> {
            let row = db.get(&key).await?;
            if row.is_empty() { return Err(Error::Empty); }
            let mut sum = 0;
            for item in row.iter() { sum += db.size(item).await?; }
            Ok(sum)
        }"#,
    ),
    (
        "keys: Vec<String>",
        "Vec::new()",
        r#"-> Result<Vec<u64>, Error> {
            let mut out = Vec::with_capacity(keys.len());
            for key in keys {
                match db.get(&key).await {
                    Ok(row) if row.is_empty() => continue,
                    Ok(row) => out.push(db.size(&row[0]).await?),
                    Err(error) => return Err(error),
                }
            }
            Ok(out)
        }"#,
    ),
    (
        "",
        "",
        r#"-> u64 {
            let mut tries = 0;
            loop {
                let text = format!("{tries}");
                if let Ok(n) = db.size(&text).await { break n; }
                tries += 1;
                db.pause(tries).await;
            }
        }"#,
    ),
    (
        "n: u64",
        "1",
        r#"-> Option<String> {
            let a = db.name(n).await?;
            let b = db.name(n + 1).await?;
            let both = [a, b].concat();
            db.pause(n).await;
            Some(both)
        }"#,
    ),
    (
        "",
        "",
        r#"-> Result<(), Error> { db.pause(1).await; db.size("a").await.map(drop) }"#,
    ),
];

/// The source of the crate that is compiled.
fn source() -> String {
    let mut source = CONNECTION.to_owned();
    let mut polls = String::new();
    for number in 0..FUNCTIONS {
        let (arguments, values, rest) = SHAPES[number % SHAPES.len()];
        source += &format!(
            "#[cfg_attr(feature = \"coroutine\", coloop::coroutine)]\n\
             pub async fn f{number}(db: &Connection, {arguments}) {rest}\n"
        );
        polls += &format!("let _ = Future::poll(pin!(f{number}(db, {values})), &mut cx);\n");
    }
    source
        + &format!(
            "use std::{{future::Future, pin::pin, task::{{Context, Waker}}}};\n\
             pub fn all(db: &Connection) {{ let mut cx = Context::from_waker(Waker::noop()); {polls} }}\n"
        )
}

/// Writes the crate down.
fn write(folder: &Path) -> std::io::Result<()> {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
    let manifest = format!(
        "[package]\nname = \"functions\"\nedition = \"2021\"\n[features]\ncoroutine = []\n\
         [dependencies]\ncoloop = {{ path = {runtime:?} }}\n[workspace]\n"
    );
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/lib.rs"), source())
}

/// The command that compiles the crate alone, its dependencies being there.
fn cargo(folder: &Path, how: &[&str], coroutines: bool) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(folder)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("RUSTFLAGS")
        .args(how)
        .arg("--quiet")
        .args(coroutines.then_some("--features=coroutine"));
    cargo
}

/// Compiles the crate again.
fn compile(folder: &Path, how: &[&str], coroutines: bool) -> Duration {
    fs::write(folder.join("src/lib.rs"), source()).expect("the source can be written");
    let begin = Instant::now();
    let status = cargo(folder, how, coroutines).status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "cargo {how:?} fails"
    );
    begin.elapsed()
}

fn least(folder: &Path, how: &[&str], coroutines: bool) -> f64 {
    // The first run compiles the dependencies.
    compile(folder, how, coroutines);
    let runs = (0..RUNS).map(|_| compile(folder, how, coroutines));
    runs.min().map_or(0.0, |least| least.as_secs_f64())
}

/// rustc's own times, the longest first.
fn passes(folder: &Path, coroutines: bool) {
    fs::write(folder.join("src/lib.rs"), source()).expect("the source can be written");
    let output = cargo(folder, &["rustc", "--profile=check"], coroutines)
        .args(["--", "-Ztime-passes"])
        .env("RUSTC_BOOTSTRAP", "1")
        .stderr(Stdio::piped())
        .output()
        .expect("cargo can be run");
    let text = String::from_utf8_lossy(&output.stderr);
    let seconds = |line: &str| -> Option<f64> {
        let (seconds, _) = line.strip_prefix("time:")?.split_once(';')?;
        seconds.trim().parse().ok()
    };
    let name = |line: &str| line.rsplit('\t').next().unwrap_or(line).to_owned();
    let mut times: Vec<_> = text
        .lines()
        .filter_map(|line| Some((seconds(line)?, name(line))))
        .collect();
    times.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("\n{}:", if coroutines { "coroutine" } else { "async fn" });
    for (seconds, name) in times.iter().take(8) {
        println!("  {seconds:6.2} s  {name}");
    }
}

fn main() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compile_time");
    write(&folder).expect("the crate can be written");
    println!("{FUNCTIONS} functions     async fn  coroutine  ratio");
    for (name, how) in [
        ("check", &["check"][..]),
        ("build", &["build"]),
        ("build --release", &["build", "--release"]),
    ] {
        let (plain, coroutine) = (least(&folder, how, false), least(&folder, how, true));
        let ratio = coroutine / plain;
        println!("{name:15}  {plain:7.2} s  {coroutine:7.2} s  {ratio:5.2}");
    }
    if std::env::args().any(|argument| argument == "--passes") {
        passes(&folder, false);
        passes(&folder, true);
    }
}
