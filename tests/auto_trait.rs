//! Asks whether a type implements an auto trait, without a type error if not.

/// Evaluates to whether the type of an expression implements a trait: a method of the type itself comes first.
#[macro_export]
macro_rules! implements {
    ($value:expr, $bound:path) => {{
        struct Is<T>(std::marker::PhantomData<T>);
        #[allow(dead_code)]
        trait Otherwise {
            fn answer(&self) -> bool {
                false
            }
        }
        impl<T> Otherwise for Is<T> {}
        #[allow(dead_code)]
        impl<T: $bound> Is<T> {
            fn answer(&self) -> bool {
                true
            }
        }
        fn is<T>(_value: &T) -> Is<T> {
            Is(std::marker::PhantomData)
        }
        is(&$value).answer()
    }};
}
