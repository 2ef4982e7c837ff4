//! rust-analyzer as a process that is spoken to.
//!
//! *Input*: a package. *Output*: what the language server answers about its `src/lib.rs`. *Invariant*: nothing is asked
//! before the server has loaded the package and its macros.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{json, Value};

pub struct Server {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    file: PathBuf,
    requests: u64,
    version: u64,
}

/// Line and column, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u64,
    pub column: u64,
}

impl Position {
    pub fn of(position: &Value) -> Position {
        Position {
            line: position["line"].as_u64().unwrap_or_default(),
            column: position["character"].as_u64().unwrap_or_default(),
        }
    }

    fn json(self) -> Value {
        json!({ "line": self.line, "character": self.column })
    }
}

impl Server {
    /// Starts the server on a package and waits until it is ready.
    pub fn start(package: &Path) -> io::Result<Server> {
        let mut process = Command::new("rust-analyzer")
            .current_dir(package)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (to, from) = (process.stdin.take(), process.stdout.take());
        let (Some(to), Some(from)) = (to, from) else {
            return Err(io::Error::other("rust-analyzer has no standard streams"));
        };
        let mut server = Server {
            process,
            to,
            from: BufReader::new(from),
            file: package.join("src/lib.rs"),
            requests: 0,
            version: 1,
        };
        server.initialize(package)?;
        Ok(server)
    }

    fn initialize(&mut self, package: &Path) -> io::Result<()> {
        let options = json!({
            "checkOnSave": false,
            "cachePriming": { "enable": false },
            "diagnostics": { "experimental": { "enable": true } },
        });
        self.request(
            "initialize",
            json!({
                "processId": std::process::id(),
                "rootUri": uri(package),
                "initializationOptions": options,
                "capabilities": {
                    "experimental": { "serverStatusNotification": true },
                    "textDocument": { "hover": { "contentFormat": ["plaintext"] } },
                },
            }),
        )?;
        self.notify("initialized", json!({}))?;
        let text = fs::read_to_string(&self.file)?;
        let document =
            json!({ "uri": uri(&self.file), "languageId": "rust", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }))?;
        loop {
            let message = self.receive()?;
            let status = &message["params"];
            if message["method"] == "experimental/serverStatus" && status["quiescent"] == true {
                return match status["health"] == "error" {
                    true => Err(io::Error::other(status.to_string())),
                    false => Ok(()),
                };
            }
        }
    }

    /// Gives the file another text.
    pub fn edit(&mut self, text: &str) -> io::Result<()> {
        self.version += 1;
        let document = json!({ "uri": uri(&self.file), "version": self.version });
        let changes = json!([{ "text": text }]);
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": changes }),
        )
    }

    /// Asks about a place in the file.
    pub fn ask(&mut self, what: &str, at: Position, more: Value) -> io::Result<Value> {
        let mut params =
            json!({ "textDocument": { "uri": uri(&self.file) }, "position": at.json() });
        if let (Value::Object(params), Value::Object(more)) = (&mut params, more) {
            params.extend(more);
        }
        self.request(&format!("textDocument/{what}"), params)
    }

    /// What the server itself finds wrong with the file.
    pub fn diagnostics(&mut self) -> io::Result<Value> {
        let params = json!({ "textDocument": { "uri": uri(&self.file) } });
        let report = self.request("textDocument/diagnostic", params)?;
        Ok(report["items"].clone())
    }

    fn request(&mut self, method: &str, params: Value) -> io::Result<Value> {
        self.requests += 1;
        let id = self.requests;
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        loop {
            let message = self.receive()?;
            if message["id"] == id && message["method"].is_null() {
                return match message.get("error") {
                    // The text has changed in between: once more.
                    Some(error) if error["code"] == -32801 => self.request(method, params),
                    Some(error) => Err(io::Error::other(format!("{method}: {error}"))),
                    None => Ok(message["result"].clone()),
                };
            }
        }
    }

    fn notify(&mut self, method: &str, params: Value) -> io::Result<()> {
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    fn send(&mut self, message: Value) -> io::Result<()> {
        let text = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        self.to.flush()
    }

    /// The next message. What the server asks of the editor is answered with nothing.
    fn receive(&mut self) -> io::Result<Value> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.from.read_line(&mut line)? == 0 {
                return Err(io::Error::other("rust-analyzer has ended"));
            }
            match line.trim().strip_prefix("Content-Length: ") {
                Some(text) => length = text.parse().map_err(io::Error::other)?,
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut text = vec![0; length];
        self.from.read_exact(&mut text)?;
        let message: Value = serde_json::from_slice(&text)?;
        if !message["id"].is_null() && !message["method"].is_null() {
            self.send(json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }))?;
        }
        Ok(message)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // There is nothing to be saved, and nobody to be told.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}
