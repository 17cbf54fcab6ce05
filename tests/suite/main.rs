//! All integration tests, one binary.

mod scenario;
mod store;
