//! What people decided about answers that a list of labels did not foresee, so that each is judged once. Knows no message: only its hash.

use std::collections::BTreeMap;

use crate::eval::rows::{Fault, Input, columns};

/// What somebody decided about an answer to a message that should have stayed unanswered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The message does make the claim: no mistake.
    Right,
    /// It does not.
    False,
}

/// Decisions by the message's hash and the claim.
#[derive(Debug, Clone, Default)]
pub struct Adjudications(BTreeMap<(String, String), Verdict>);

impl Adjudications {
    /// What was decided about the claim as an answer to the message with a hash; none where nobody has.
    pub fn verdict(&self, hash: &str, claim: &str) -> Option<Verdict> {
        self.0.get(&(hash.to_owned(), claim.to_owned())).copied()
    }
}

/// Decisions, one a line: `hash claim verdict reason`, the hash as [`HASH`] hexadecimal digits, the verdict
/// `right` or `false`, the reason in words that quote nothing. Lines that open with `# ` are remarks.
pub fn parse(input: Input<'_>) -> Result<Adjudications, Vec<Fault>> {
    let mut found = Adjudications::default();
    columns(input, 4..=4, |row| {
        let [hash, claim, verdict, reason] = row else { return Err(String::new()) };
        if hash.len() != HASH || !hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(format!("`{hash}` is no hash of {HASH} digits"));
        }
        let verdict = match *verdict {
            "right" => Verdict::Right,
            "false" => Verdict::False,
            other => return Err(format!("`{other}` is no verdict: `right` or `false`")),
        };
        if claim.trim().is_empty() || reason.trim().is_empty() {
            return Err("the claim or the reason is empty".to_owned());
        }
        match found.0.insert(((*hash).to_owned(), (*claim).to_owned()), verdict) {
            Some(_) => Err(format!("`{hash}` and `{claim}` stand here for the second time")),
            None => Ok(()),
        }
    })?;
    Ok(found)
}

/// So many hexadecimal digits of the SHA-256 of a message tell it from all others.
pub const HASH: usize = 16;

#[cfg(test)]
mod tests {
    use super::{Verdict, parse};
    use crate::eval::rows::Input;

    fn input(text: &str) -> Input<'_> {
        Input { name: "f.tsv", bytes: text.as_bytes() }
    }

    #[test]
    fn decisions_are_found_by_hash_and_claim() {
        let text = "# remark\n0123456789abcdef\tflat-earth\tright\tsays it\n\
                    0123456789abcdef\tmoon\tfalse\tother topic\n";
        let found = parse(input(text)).unwrap();
        let verdict = |claim: &str| found.verdict("0123456789abcdef", claim);
        assert_eq!(verdict("flat-earth"), Some(Verdict::Right));
        assert_eq!(verdict("moon"), Some(Verdict::False));
        assert_eq!(verdict("other"), None);
    }

    #[test]
    fn every_fault_is_named_with_its_line() {
        let text = "x\ta\tright\tr\n0123456789abcdef\ta\tmaybe\tr\n0123456789abcdef\ta\tright\t \n";
        let faults: Vec<String> =
            parse(input(text)).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            faults,
            [
                "f.tsv:1: `x` is no hash of 16 digits",
                "f.tsv:2: `maybe` is no verdict: `right` or `false`",
                "f.tsv:3: the claim or the reason is empty",
            ]
        );
    }
}
