//! Runs cargo on a crate's copy, and reads what it says.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

/// The lint that [`crate::source`]'s census attribute sets off, wherever the crate allows it.
const RUSTFLAGS: &str = "--force-warn=unknown_lints";

/// A crate's copy, and where its build goes.
#[derive(Debug)]
pub struct Cargo<'a> {
    pub folder: &'a Path,
    pub target: &'a Path,
    pub options: &'a [&'a str],
    /// After that, what runs is ended.
    pub limit: Duration,
}

/// A message of rustc.
#[derive(Debug)]
pub struct Message {
    pub level: String,
    /// `E0382`, the name of a lint, or nothing: what a macro reports.
    pub code: Option<String>,
    pub text: String,
    /// Files as seen from the crate, and lines, from the innermost expansion outward.
    pub places: Vec<(PathBuf, usize)>,
}

impl Message {
    pub fn is_error(&self) -> bool {
        self.level == "error"
    }
}

/// What became of the tests, by program and name.
#[derive(Debug, Default)]
pub struct Tests {
    pub passed: BTreeSet<String>,
    pub failed: BTreeSet<String>,
    pub ended_by_limit: bool,
}

impl Cargo<'_> {
    /// Lets the runtime have the `libc` that it needs, where the crate's lock file has an older one.
    pub fn unlock(&self) -> io::Result<()> {
        let mut cargo = Command::new("cargo");
        cargo
            .current_dir(self.folder)
            .args(["update", "--package", "libc"])
            .process_group(0);
        let log = File::create(self.folder.join("adoption-update.log"))?;
        // A crate without it has nothing to update.
        cargo.stdout(Stdio::null()).stderr(log);
        self.wait(cargo).map(drop)
    }

    /// All messages of one compilation, and whether it went well.
    pub fn compile(&self, command: &[&str]) -> io::Result<(bool, Vec<Message>)> {
        let log = self.folder.join("adoption-build.json");
        let mut cargo = self.command(command);
        cargo.args(["--keep-going", "--message-format=json"]);
        cargo
            .stdout(File::create(&log)?)
            .stderr(File::create(self.folder.join("adoption-build.log"))?);
        let ended = self.wait(cargo)?;
        let messages = fs::read_to_string(&log)?
            .lines()
            .filter_map(message)
            .collect();
        Ok((ended.is_some_and(|status| status.success()), messages))
    }

    pub fn test(&self) -> io::Result<Tests> {
        let log = self.folder.join("adoption-test.log");
        let mut cargo = self.command(&["test", "--no-fail-fast", "--lib", "--bins", "--tests"]);
        let output = File::create(&log)?;
        cargo.stdout(output.try_clone()?).stderr(output);
        let ended = self.wait(cargo)?;
        let mut tests = tests(&String::from_utf8_lossy(&fs::read(&log)?));
        tests.ended_by_limit = ended.is_none();
        Ok(tests)
    }

    fn command(&self, command: &[&str]) -> Command {
        let mut cargo = Command::new("cargo");
        cargo
            .current_dir(self.folder)
            .args(command)
            .args(self.options);
        cargo
            .env("CARGO_TARGET_DIR", self.target)
            .env("RUSTFLAGS", RUSTFLAGS)
            .env("CARGO_TERM_COLOR", "never");
        cargo
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_PROFILE_TEST_DEBUG", "0");
        cargo.stdin(Stdio::null()).process_group(0);
        cargo
    }

    /// Waits for the end, or for the limit: then nothing is returned, and the whole process group has been ended.
    fn wait(&self, mut command: Command) -> io::Result<Option<ExitStatus>> {
        let mut child = command.spawn()?;
        let started = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            if started.elapsed() > self.limit {
                Command::new("kill")
                    .args(["-KILL", "--", &format!("-{}", child.id())])
                    .status()?;
                child.wait()?;
                return Ok(None);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

fn message(line: &str) -> Option<Message> {
    let json: Value = serde_json::from_str(line).ok()?;
    let message = &json["message"];
    let mut places = Vec::new();
    for span in message["spans"].as_array()? {
        if span["is_primary"] == true {
            outward(span, &mut places);
        }
    }
    for span in message["spans"].as_array()? {
        if span["is_primary"] == false {
            outward(span, &mut places);
        }
    }
    Some(Message {
        level: message["level"].as_str()?.to_owned(),
        code: message["code"]["code"].as_str().map(str::to_owned),
        text: message["message"].as_str()?.lines().next()?.to_owned(),
        places,
    })
}

/// The place of the closure that is named in what rustc says about a constant that does not evaluate: `{closure@FILE:LINE:…`.
fn evaluated(label: &str) -> Option<(PathBuf, usize)> {
    let (_, place) = label.split_once("closure@")?;
    let mut parts = place.split(':');
    Some((parts.next()?.into(), parts.next()?.parse().ok()?))
}

fn outward(span: &Value, places: &mut Vec<(PathBuf, usize)>) {
    places.extend(span["label"].as_str().and_then(evaluated));
    if let (Some(file), Some(line)) = (span["file_name"].as_str(), span["line_start"].as_u64()) {
        places.push((file.into(), line as usize));
    }
    if span["expansion"].is_object() {
        outward(&span["expansion"]["span"], places);
    }
}

/// Reads the lines of libtest. A program is known by the source that cargo names when it runs it. A test that has been
/// started and has neither passed nor failed is not counted.
fn tests(log: &str) -> Tests {
    let mut tests = Tests::default();
    let mut program = String::new();
    for line in log.lines() {
        if let Some(running) = line.trim_start().strip_prefix("Running ") {
            program = running
                .split(" (")
                .next()
                .unwrap_or_default()
                .trim_start_matches("unittests ")
                .to_owned();
        }
        let Some((name, result)) = line
            .strip_prefix("test ")
            .and_then(|test| test.split_once(" ... "))
        else {
            continue;
        };
        let name = format!("{program} {}", name.trim_end_matches(" - should panic"));
        match result {
            "ok" => drop(tests.passed.insert(name)),
            "FAILED" => drop(tests.failed.insert(name)),
            _ => {}
        }
    }
    tests
}

/// Brings the published sources of a crate to this machine, and says where they are.
pub fn fetch(folder: &Path, name: &str, version: &str) -> io::Result<PathBuf> {
    let package = folder.join("fetch");
    fs::create_dir_all(package.join("src"))?;
    fs::write(package.join("src/lib.rs"), "")?;
    let manifest = format!(
        "[package]\nname = \"fetch\"\nedition = \"2021\"\n[dependencies]\n\"{name}\" = \"={version}\"\n[workspace]\n"
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    let _ = fs::remove_file(package.join("Cargo.lock"));
    let output = Command::new("cargo")
        .args(["metadata", "--format-version=1"])
        .current_dir(&package)
        .output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))?;
    let found = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == name && package["version"] == version);
    let manifest = found
        .and_then(|package| package["manifest_path"].as_str())
        .ok_or_else(|| io::Error::other(format!("{name} {version} is not among the packages")))?;
    Ok(Path::new(manifest)
        .parent()
        .expect("a manifest in a folder")
        .to_owned())
}
