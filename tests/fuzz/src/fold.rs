//! Folding of any characters. Knows no words.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::soundness::folds(&fuzz::typed(bytes)));
