//! Subprocesses: what they say, and how they end.

use std::io::{self, ErrorKind};
use std::rc::Rc;

use coloop::io::StreamReader;
use coloop::process::{Child, Command, Stdio};
use coloop::{spawn, yield_now, Lock};

use crate::log::{bytes, finally, log, outcome};
use crate::scenario::scenarios;

scenarios! { "processes":
    what_is_written_comes_back
    output_and_errors_are_apart
    end_is_told_as_often_as_asked
    signals_are_negative
    lines_come_as_they_are_asked_for
    ends_are_told_in_their_order
    who_waits_is_cancelled_and_the_child_goes_on
    no_such_program
}

fn cat() -> Child {
    let mut command = Command::new("cat");
    must(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn())
}

fn must<T>(result: io::Result<T>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

fn code(child: &Child) -> String {
    child
        .returncode()
        .map_or_else(|| "None".to_owned(), |code| code.to_string())
}

async fn end(child: &mut Child) -> String {
    must(child.wait().await);
    code(child)
}

async fn what_is_written_comes_back() {
    let mut child = cat();
    let output = must(child.communicate(b"one\ntwo\n").await);
    log!("{} {}", bytes(&output.stdout), code(&child));
}

async fn output_and_errors_are_apart() {
    let mut command = Command::shell("echo out; echo err >&2; exit 3");
    let mut child = must(
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn(),
    );
    let output = must(child.communicate(b"").await);
    log!(
        "{} {} {}",
        bytes(&output.stdout),
        bytes(&output.stderr),
        code(&child)
    );
}

async fn end_is_told_as_often_as_asked() {
    let mut child = must(Command::shell("exit 7").spawn());
    log(code(&child));
    log!(
        "{} {} {}",
        end(&mut child).await,
        end(&mut child).await,
        code(&child)
    );
}

async fn signals_are_negative() {
    for (name, send) in [
        (
            "terminate",
            Child::terminate as fn(&Child) -> io::Result<()>,
        ),
        ("kill", Child::kill),
    ] {
        let mut child = cat();
        must(send(&child));
        log!("{name} {}", end(&mut child).await);
    }
}

async fn lines_come_as_they_are_asked_for() {
    let mut child = cat();
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (Some(stdin), Some(stdout)) = (stdin, stdout) else {
        return log("no pipes");
    };
    let mut reader = StreamReader::new(&stdout);
    for line in ["one\n", "two\n"] {
        must(stdin.write_all(line.as_bytes()).await);
        log(bytes(&reader.read_line().await.unwrap_or_default()));
    }
    drop(stdin);
    let last = reader.read_line().await.unwrap_or_default();
    log!("{} {}", bytes(&last), end(&mut child).await);
}

async fn ends_are_told_in_their_order() {
    let children = ["a", "b"].map(|name| {
        let mut child = cat();
        let stdin = child.stdin.take();
        let waits = async move { log!("{name} ends with {}", end(&mut child).await) };
        (stdin, spawn(waits))
    });
    for (stdin, task) in children.into_iter().rev() {
        yield_now().await;
        log("main closes the input");
        drop(stdin);
        outcome(task).await;
    }
}

async fn who_waits_is_cancelled_and_the_child_goes_on() {
    let child = Rc::new(Lock::new(cat()));
    let waited = Rc::clone(&child);
    let waiter = spawn(async move {
        let _left = finally("the waiter is left");
        end(&mut *waited.lock().await).await
    });
    yield_now().await;
    waiter.cancel();
    log(outcome(waiter).await);
    let mut child = child.lock().await;
    let output = must(child.communicate(b"still there").await);
    log!("{} {}", bytes(&output.stdout), code(&child));
}

async fn no_such_program() {
    let spawned = Command::new("/there/is/no/such/program").spawn();
    if spawned.is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        log("not found");
    }
}
