//! Macros with the names of the standard library's, that do something else with their operands.

mod textual {
    macro_rules! vec {
        ($e:expr) => { $e.len() };
    }

    #[coloop::coroutine]
    pub async fn function(s: String) -> usize {
        std::future::ready(()).await;
        vec![s] + s.len()
    }
}

mod imported {
    mod own {
        macro_rules! matches_another {
            ($e:expr, $($p:pat),*) => { $e.is_empty() };
        }
        pub(crate) use matches_another as matches;
    }
    use own::matches;

    #[coloop::coroutine]
    pub async fn function(s: String) -> bool {
        std::future::ready(()).await;
        matches!(s, _)
    }
}

mod moving {
    macro_rules! println {
        ($($t:tt)*) => { drop(move || format!($($t)*)) };
    }

    #[coloop::coroutine]
    pub async fn function(s: String) {
        std::future::ready(()).await;
        println!("{}", s);
    }
}

mod lazy {
    macro_rules! format {
        ($text:literal, $($e:expr),*) => { if $text.is_empty() { String::new() } else { std::format!($text, $($e),*) } };
    }

    #[coloop::coroutine]
    pub async fn function() -> String {
        format!("{}", std::future::ready(1).await)
    }
}

mod asserting {
    macro_rules! assert {
        ($e:expr) => {{ let _ = $e; }};
    }

    #[coloop::coroutine]
    pub async fn function() {
        assert!(std::future::ready(true).await);
    }
}

mod joining {
    macro_rules! join {
        ($($e:expr),*) => { ($($e.await),*) };
    }

    #[coloop::coroutine]
    pub async fn function() {
        join!(async {}, async {});
    }
}

fn main() {}
