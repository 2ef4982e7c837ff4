//! What rustfmt makes of coroutines: a body under the attribute is formatted as any other. The tokens of `gen! { … }` are left
//! alone, as are those of every macro in braces; `gen!({ … })` is formatted.

use std::io::Write;
use std::pin::pin;
use std::process::{Command, Stdio};

use futures::StreamExt;

fn formatted(source: &str) -> String {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2021"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt can be run");
    let mut input = rustfmt.stdin.take().expect("it reads its input");
    input.write_all(source.as_bytes()).expect("it reads all");
    drop(input);
    let output = rustfmt.wait_with_output().expect("it ends");
    String::from_utf8(output.stdout).expect("it writes UTF-8")
}

#[test]
fn a_body_under_the_attribute_is_formatted() {
    let source =
        "#[coloop::coroutine]\nasync fn f(n:u32){\n#[for_await] for m in s(n){g(m).await ;}\n}\n";
    let expected = "\
#[coloop::coroutine]
async fn f(n: u32) {
    #[for_await]
    for m in s(n) {
        g(m).await;
    }
}
";
    assert_eq!(formatted(source), expected);
}

#[test]
fn a_generator_in_braces_is_left_alone() {
    let source = "fn f() {\n    coloop::gen! { yield   1 ; }\n}\n";
    assert_eq!(formatted(source), source);
}

#[test]
fn a_generator_in_parentheses_and_braces_is_formatted() {
    let source = "fn f() {\n    coloop::gen!({ yield   1 ; })\n}\n";
    let expected = "fn f() {\n    coloop::gen!({\n        yield 1;\n    })\n}\n";
    assert_eq!(formatted(source), expected);
}

#[test]
fn so_is_one_with_a_head() {
    let source = "fn f() {\n    let a = coloop::gen!(|first:u32|->u8{ let m=yield   1 ; 2 });\n    let b = coloop::iter!(static||{ yield   1 ; });\n}\n";
    let expected = "\
fn f() {
    let a = coloop::gen!(|first: u32| -> u8 {
        let m = yield 1;
        2
    });
    let b = coloop::iter!(static || {
        yield 1;
    });
}
";
    assert_eq!(formatted(source), expected);
}

#[test]
fn both_are_the_same_generator() {
    let items = coloop::gen!({
        for n in 0..3 {
            yield n;
        }
    });
    let items = coloop::run(async { pin!(items).collect::<Vec<u32>>().await });
    assert_eq!(items, [0, 1, 2]);
}
