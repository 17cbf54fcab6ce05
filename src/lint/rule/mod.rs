//! The table of all rules: what each finds, why that is bad, and what is better. Knows no claim; `content` and `lint` find, here it is explained.

mod claims;
mod files;

use crate::model::diagnostic::{Code, Severity};

/// One rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name.
    pub code: Code,
    /// How grave a finding is; a rule may find milder cases too.
    pub level: Severity,
    /// What it finds.
    pub what: &'static str,
    /// Why that is bad.
    pub why: &'static str,
    /// An example of it.
    pub bad: &'static str,
    /// The same, mended.
    pub good: &'static str,
}

/// All rules: those of the files first, then those of the claims.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    files::RULES.iter().chain(claims::RULES)
}

/// The rule of this name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code.0 == name)
}

/// How grave a finding of this rule is.
pub fn level(code: Code) -> Severity {
    rule(code.0).map_or(Severity::Error, |rule| rule.level)
}

const fn error(
    code: Code,
    what: &'static str,
    why: &'static str,
    bad: &'static str,
    good: &'static str,
) -> Rule {
    Rule { code, level: Severity::Error, what, why, bad, good }
}

const fn warning(
    code: Code,
    what: &'static str,
    why: &'static str,
    bad: &'static str,
    good: &'static str,
) -> Rule {
    Rule { code, level: Severity::Warning, what, why, bad, good }
}

const fn hint(
    code: Code,
    what: &'static str,
    why: &'static str,
    bad: &'static str,
    good: &'static str,
) -> Rule {
    Rule { code, level: Severity::Hint, what, why, bad, good }
}

#[cfg(test)]
mod tests {
    use super::{all, rule};
    use crate::model::code;

    #[test]
    fn every_code_has_one_rule_in_the_same_order() {
        let rules: Vec<_> = all().map(|rule| rule.code).collect();
        assert_eq!(rules, code::ALL);
    }

    #[test]
    fn every_rule_says_all_that_it_should() {
        for rule in all() {
            for text in [rule.what, rule.why, rule.bad, rule.good] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{}: {text:?}", rule.code.0);
            }
        }
    }

    #[test]
    fn rules_are_found_by_name() {
        assert!(rule("bad-toml").is_some_and(|rule| rule.code == code::BAD_TOML));
        assert!(rule("nonsense").is_none());
    }
}
