//! Which signal.

use std::fmt;
use std::io;

#[cfg(unix)]
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
    ($($(#[doc = $doc:literal])+ $name:ident = $raw:expr,)*) => {
        impl Signal {
            $($(#[doc = $doc])+ pub const $name: Signal = Signal($raw);)*

            fn name(self) -> Option<&'static str> {
                match self {
                    $(Signal::$name => Some(concat!("SIG", stringify!($name))),)*
                    _ => None,
                }
            }
        }
    };
}

#[cfg(unix)]
signals! {
    /// The terminal is gone, or a daemon is to read its configuration again.
    HUP = Raw::HUP.as_raw(),
    /// Ctrl-C.
    INT = Raw::INT.as_raw(),
    /// Ctrl-\.
    QUIT = Raw::QUIT.as_raw(),
    /// A wrong instruction.
    ILL = Raw::ILL.as_raw(),
    /// `abort`.
    ABRT = Raw::ABORT.as_raw(),
    /// Wrong arithmetic.
    FPE = Raw::FPE.as_raw(),
    /// Ends the program; nobody can listen to it.
    KILL = Raw::KILL.as_raw(),
    /// A wrong address.
    SEGV = Raw::SEGV.as_raw(),
    /// A pipe that nobody reads. Rust programs ignore it.
    PIPE = Raw::PIPE.as_raw(),
    /// `alarm`.
    ALRM = Raw::ALARM.as_raw(),
    /// Asks the program to end.
    TERM = Raw::TERM.as_raw(),
    /// For programs.
    USR1 = Raw::USR1.as_raw(),
    /// For programs.
    USR2 = Raw::USR2.as_raw(),
    /// A child has ended or stopped.
    CHLD = Raw::CHILD.as_raw(),
    /// A stopped program goes on.
    CONT = Raw::CONT.as_raw(),
    /// Stops the program; nobody can listen to it.
    STOP = Raw::STOP.as_raw(),
    /// Ctrl-Z.
    TSTP = Raw::TSTP.as_raw(),
    /// The terminal has another size.
    WINCH = Raw::WINCH.as_raw(),
}

#[cfg(windows)]
signals! {
    /// Ctrl-C.
    INT = libc::SIGINT,
    /// A wrong instruction.
    ILL = libc::SIGILL,
    /// `abort`.
    ABRT = libc::SIGABRT,
    /// Wrong arithmetic.
    FPE = libc::SIGFPE,
    /// A wrong address.
    SEGV = libc::SIGSEGV,
    /// Asks the program to end.
    TERM = libc::SIGTERM,
}

impl Signal {
    /// The signal of a number, if there is one.
    pub fn from_number(number: i32) -> Option<Self> {
        #[cfg(unix)]
        let is_one = Raw::from_named_raw(number).is_some();
        #[cfg(windows)]
        let is_one = Signal(number).name().is_some();
        is_one.then_some(Signal(number))
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
    #[cfg(unix)]
    pub fn raise(self) -> io::Result<()> {
        Ok(kill_process(getpid(), self.raw())?)
    }

    /// Sends it to this process.
    ///
    /// # Errors
    ///
    /// Of the OS.
    #[cfg(windows)]
    pub fn raise(self) -> io::Result<()> {
        // SAFETY: it calls the handler, which does what any thread may.
        match unsafe { libc::raise(self.0) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }

    #[cfg(unix)]
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
