//! trybuild builds what it compiles if something has to run. Only then rustc reports what it finds after type checking.

fn main() {}
