//! Parses the arguments and returns an exit code.

fn main() {}
