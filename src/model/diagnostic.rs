//! One finding about a hand-edited file: what is wrong, where, and the way out. Knows neither the rules that find it nor how it is printed.

use std::collections::BTreeMap;

use crate::model::span::Span;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Advice; never fails a check.
    Hint,
    /// Worth a look; fails a check only where warnings are denied.
    Warning,
    /// The file is not used until it is mended.
    Error,
}

impl Severity {
    /// All severities.
    pub const ALL: [Self; 3] = [Self::Hint, Self::Warning, Self::Error];

    /// The word shown to people and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The stable name of a rule, in kebab-case; `lint::rule` has the table of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

/// How grave findings are taken here, where somebody settled on another level than a rule's own; none: not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Levels(pub BTreeMap<Code, Option<Severity>>);

impl Levels {
    /// The findings at the levels that hold here.
    pub fn apply(&self, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let at_level = |mut one: Diagnostic| match self.0.get(&one.code) {
            None => Some(one),
            Some(None) => None,
            Some(Some(severity)) => {
                one.severity = *severity;
                Some(one)
            }
        };
        found.into_iter().filter_map(at_level).collect()
    }
}

/// A second place that helps to understand a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What stands there.
    pub text: String,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule.
    pub code: Code,
    /// How grave.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// What is wrong, as a sentence without a full stop, that stands without the source text beside it.
    pub message: String,
    /// A short remark at the underlined text; may be empty.
    pub remark: String,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// The way out.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, span, message)
    }

    /// A warning.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, span, message)
    }

    /// A finding of the given severity.
    pub fn new(code: Code, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            code,
            severity,
            span,
            message,
            remark: String::new(),
            labels: Vec::new(),
            hint: None,
        }
    }

    /// With a remark at the underlined text.
    #[must_use]
    pub fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remark = remark.into();
        self
    }

    /// With another place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// With a way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
