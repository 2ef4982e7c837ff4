//! Messages that no source file of the ui suite can cause, because rustc reports first, and the order of several.

use proc_macro2::TokenStream;

fn errors(expansion: TokenStream) -> Vec<String> {
    let text = expansion.to_string();
    let parts = text.split("compile_error !").skip(1);
    parts
        .map(|part| part.split('"').nth(1).unwrap_or_default().to_owned())
        .collect()
}

fn tokens(source: &str) -> TokenStream {
    source.parse().expect("the source is tokens")
}

#[test]
fn module_in_another_file() {
    let expansion = coloop_compiler::module::coroutines(TokenStream::new(), tokens("mod m;"));
    assert_eq!(
        errors(expansion),
        [
            "`#[coroutines]` needs the module's content; write `mod name { … }`, or `#[coloop::coroutine]` in the file"
        ]
    );
}

#[test]
fn independent_mistakes_are_reported_together() {
    let expansion = coloop_compiler::coroutine(
        tokens("size = 1"),
        tokens("const fn f() { let a = || g().await; let b = || g().await; }"),
    );
    let errors = errors(expansion);
    let starts = [
        "unknown argument",
        "a coroutine cannot be `const`",
        "this function is neither",
        "`.await` inside",
        "`.await` inside",
    ];
    assert_eq!(errors.len(), starts.len(), "{errors:?}");
    assert!(
        errors
            .iter()
            .zip(starts)
            .all(|(error, start)| error.starts_with(start)),
        "{errors:?}"
    );
}

#[test]
fn body_that_is_not_understood_leaves_the_function_to_its_callers() {
    let expansion = coloop_compiler::coroutine(
        TokenStream::new(),
        tokens("pub async fn f(n: u32) -> u8 { let let }"),
    );
    let stub = expansion.to_string();
    assert!(stub.contains("pub async fn f (n : u32)"), "{stub}");
    // Behind the body: only what rustc's parser does understand gets there.
    assert!(
        stub.contains("{ let let ; :: core :: compile_error"),
        "{stub}"
    );
}

#[test]
fn bare_attribute_is_replaced_inside_of_a_module() {
    let module = "mod m { #[coroutine] async fn f() {} mod n { #[coroutine(x)] async fn g() {} } }";
    let expansion =
        coloop_compiler::module::coroutines(TokenStream::new(), tokens(module)).to_string();
    assert_eq!(
        expansion.replace(' ', ""),
        "modm{#[::coloop::coroutine]asyncfnf(){}modn{#[::coloop::coroutine(x)]asyncfng(){}}}"
    );
}

#[test]
fn test_keeps_its_attributes_outside() {
    let test = "#[should_panic(expected = \"x\")] #[ignore] async fn t() -> Result<(), E> { f().await; Ok(()) }";
    let expansion = coloop_compiler::entry::test(TokenStream::new(), tokens(test)).to_string();
    let outer = "# [:: core :: prelude :: v1 :: test] # [should_panic (expected = \"x\")] # [ignore] fn t () -> Result < () , E > {";
    assert!(expansion.starts_with(outer), "{expansion}");
    assert_eq!(expansion.matches("should_panic").count(), 1);
}
