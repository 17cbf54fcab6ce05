//! Reading of any message: tokens, segments, spans. Knows no claim.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(fuzz::soundness::reads(&fuzz::typed(bytes))));
