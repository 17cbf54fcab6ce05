//! The shipped claims against any message, and what is decided about it. Knows no channel.

#![no_main]

use std::sync::OnceLock;

use fuzz::soundness::Claims;

static CLAIMS: OnceLock<Claims> = OnceLock::new();

libfuzzer_sys::fuzz_target!(
    init: drop(CLAIMS.set(Claims::new(fuzz::shipped()))),
    |bytes: &[u8]| {
        let claims = CLAIMS.get_or_init(|| Claims::new(fuzz::shipped()));
        claims.match_soundly(&fuzz::typed(bytes));
    }
);
