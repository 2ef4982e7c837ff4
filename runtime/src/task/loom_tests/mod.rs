//! Tasks against other threads, with everything that a loop is made of but the OS.

mod cancel;
mod references;
mod state;
mod wakes;
