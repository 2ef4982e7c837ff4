//! Which signal.

use std::fmt;
use std::io;

use rustix::process::{getpid, kill_process, Signal as Raw};

/// A signal, by its number.
///
/// ```
/// use coloop::signal::Signal;
///
/// assert_eq!(Signal::TERM.number(), 15);
/// assert_eq!(Signal::from_number(15), Some(Signal::TERM));
/// assert_eq!(Signal::from_number(1000), None);
/// assert_eq!(Signal::TERM.to_string(), "SIGTERM");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signal(i32);

macro_rules! signals {
    ($($(#[doc = $doc:literal])+ $name:ident = $raw:ident,)*) => {
        impl Signal {
            $($(#[doc = $doc])+ pub const $name: Signal = Signal(Raw::$raw.as_raw());)*

            fn name(self) -> Option<&'static str> {
                match self {
                    $(Signal::$name => Some(concat!("SIG", stringify!($name))),)*
                    _ => None,
                }
            }
        }
    };
}

signals! {
    /// The terminal is gone, or a daemon is to read its configuration again.
    HUP = HUP,
    /// Ctrl-C.
    INT = INT,
    /// Ctrl-\.
    QUIT = QUIT,
    /// A wrong instruction.
    ILL = ILL,
    /// `abort`.
    ABRT = ABORT,
    /// Wrong arithmetic.
    FPE = FPE,
    /// Ends the program; nobody can listen to it.
    KILL = KILL,
    /// A wrong address.
    SEGV = SEGV,
    /// A pipe that nobody reads. Rust programs ignore it.
    PIPE = PIPE,
    /// `alarm`.
    ALRM = ALARM,
    /// Asks the program to end.
    TERM = TERM,
    /// For programs.
    USR1 = USR1,
    /// For programs.
    USR2 = USR2,
    /// A child has ended or stopped.
    CHLD = CHILD,
    /// A stopped program goes on.
    CONT = CONT,
    /// Stops the program; nobody can listen to it.
    STOP = STOP,
    /// Ctrl-Z.
    TSTP = TSTP,
    /// The terminal has another size.
    WINCH = WINCH,
}

impl Signal {
    /// The signal of a number, if there is one.
    pub fn from_number(number: i32) -> Option<Self> {
        Raw::from_named_raw(number).map(|_| Signal(number))
    }

    /// Its number.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Sends it to this process, of which any thread may take it.
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub fn raise(self) -> io::Result<()> {
        Ok(kill_process(getpid(), self.raw())?)
    }

    pub(crate) fn raw(self) -> Raw {
        Raw::from_named_raw(self.0).unwrap_or_else(|| unreachable!("all have names"))
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "signal {}", self.number()),
        }
    }
}

impl fmt::Debug for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
