//! What matching costs as claims grow.

fn main() {}
