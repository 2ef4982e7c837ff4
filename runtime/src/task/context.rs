//! Variables of a task: each task has a copy of what was set where it was started.
//!
//! *Input*: values. *Output*: the value that was set last in this task, or in the one that started it before it did. *Invariant*: a
//! context is shared until one of those who share it sets a variable; then it has a copy of its own. It ends with its task.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use crate::event_loop::EventLoop;

/// The variables of a task.
#[derive(Clone, Default)]
pub(crate) struct Context(Option<Rc<BTreeMap<usize, Rc<dyn Any>>>>);

/// A variable of tasks: Python's `ContextVar`.
///
/// A task begins with the values of the task that starts it; what it sets, it sets for itself and for the tasks that it starts
/// afterwards.
///
/// # Examples
///
/// ```
/// use coloop::ContextVar;
///
/// static USER: ContextVar<String> = ContextVar::new("user");
///
/// coloop::run(async {
///     USER.set("Ann".to_owned());
///     let task = coloop::spawn(async {
///         let inherited = USER.get();
///         USER.set("Bob".to_owned());
///         (inherited, USER.get())
///     });
///     assert_eq!(task.await.unwrap(), (Some("Ann".to_owned()), Some("Bob".to_owned())));
///     assert_eq!(USER.get(), Some("Ann".to_owned()));
/// });
/// ```
pub struct ContextVar<T: 'static> {
    name: &'static str,
    value: PhantomData<fn() -> T>,
}

/// What [`ContextVar::set`] has replaced, for [`ContextVar::reset`].
#[must_use = "the variable keeps its value until it is reset, or the task ends"]
pub struct Token<T: 'static> {
    var: &'static ContextVar<T>,
    before: Option<Rc<dyn Any>>,
}

impl<T: 'static> ContextVar<T> {
    /// A variable, for a `static`. The name is for debug output.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        ContextVar {
            name,
            value: PhantomData,
        }
    }

    fn key(&'static self) -> usize {
        std::ptr::from_ref(self) as usize
    }

    /// The value in this task; `None` if there is none, or no loop.
    #[must_use]
    pub fn get(&'static self) -> Option<T>
    where
        T: Clone,
    {
        self.with(|value| value.cloned())
    }

    /// Calls `read` with the value in this task; with `None` if there is none, or no loop.
    pub fn with<R>(&'static self, read: impl FnOnce(Option<&T>) -> R) -> R {
        let value = EventLoop::try_current().and_then(|here| here.context_value(self.key()));
        read(value.as_deref().and_then(<dyn Any>::downcast_ref))
    }

    /// Sets the value in this task.
    ///
    /// # Panics
    ///
    /// Outside of a loop.
    #[track_caller]
    #[allow(clippy::let_underscore_must_use, unused_must_use)]
    pub fn set(&'static self, value: T) {
        self.replace(value);
    }

    /// As [`set`](Self::set), and gives what is needed to [`reset`](Self::reset) it.
    ///
    /// # Panics
    ///
    /// Outside of a loop.
    ///
    /// # Examples
    ///
    /// ```
    /// use coloop::ContextVar;
    ///
    /// static DEPTH: ContextVar<u32> = ContextVar::new("depth");
    ///
    /// coloop::run(async {
    ///     let token = DEPTH.replace(1);
    ///     assert_eq!(DEPTH.get(), Some(1));
    ///     DEPTH.reset(token);
    ///     assert_eq!(DEPTH.get(), None);
    /// });
    /// ```
    #[track_caller]
    pub fn replace(&'static self, value: T) -> Token<T> {
        let before = put(self.key(), Some(Rc::new(value)));
        Token { var: self, before }
    }

    /// Gives the variable, in this task, the value that it had before [`replace`](Self::replace).
    ///
    /// # Panics
    ///
    /// If the token is of another variable, or outside of a loop.
    #[track_caller]
    pub fn reset(&'static self, token: Token<T>) {
        assert!(
            self.key() == token.var.key(),
            "a token of {:?} was given to {self:?}",
            token.var
        );
        put(self.key(), token.before);
    }
}

#[track_caller]
fn put(key: usize, value: Option<Rc<dyn Any>>) -> Option<Rc<dyn Any>> {
    EventLoop::current("a context variable").put_context_value(key, value)
}

impl Context {
    pub(crate) fn get(&self, key: usize) -> Option<Rc<dyn Any>> {
        self.0.as_ref()?.get(&key).cloned()
    }

    pub(crate) fn put(&mut self, key: usize, value: Option<Rc<dyn Any>>) -> Option<Rc<dyn Any>> {
        let values = Rc::make_mut(self.0.get_or_insert_with(Rc::default));
        match value {
            Some(value) => values.insert(key, value),
            None => values.remove(&key),
        }
    }
}

impl<T> fmt::Debug for ContextVar<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ContextVar {}>", self.name)
    }
}

impl<T> fmt::Debug for Token<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Token of {:?}>", self.var)
    }
}
