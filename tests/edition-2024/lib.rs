//! What a crate of edition 2024 gives to others: a macro that makes a coroutine.

/// A coroutine of this edition, wherever it is used.
#[macro_export]
macro_rules! counts {
    ($name:ident) => {
        #[coloop::coroutine]
        async fn $name(words: &[String]) -> usize {
            coloop::yield_now().await;
            words.iter().map(String::len).sum()
        }
    };
}

#[cfg(test)]
mod tests {
    crate::counts!(length);

    #[test]
    fn in_its_own_edition() {
        let words = ["one".to_owned(), "two".to_owned()];
        assert_eq!(coloop::run(length(&words)), 6);
    }
}
