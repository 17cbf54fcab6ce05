//! Cues: word sequences that tell what a message does with a claim, read from a data file by language. Knows no claim.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::matching::quick::QuickMap;
use crate::text::token::Token;

/// A section of the data file: where its cues count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Turns round what follows.
    Negator,
    /// Holds a negator and denies nothing.
    NoNegation,
    /// Denies what follows.
    DenialBefore,
    /// Denies what stands before.
    DenialAfter,
    /// Opens the next sentence and denies.
    DenialNext,
    /// Takes a denial back.
    Confirmed,
    /// Opens a question that asserts.
    Rhetorical,
    /// Ends a question that asserts.
    Tag,
    /// Opens a question that asks.
    Asking,
    /// Asks without a question mark.
    Indirect,
    /// Opens the next sentence and asks.
    QuestionAfter,
    /// Says that somebody says so.
    Reported,
    /// Says so behind the claim.
    ReportedBehind,
    /// A verb of speech or belief: whoever stands before it says the claim.
    Speech,
    /// Makes it one's own.
    Endorsed,
    /// A game, a story, or what might have been.
    Imagined,
    /// The same, in the claim's own sentence and not behind it.
    ImaginedHere,
    /// "If" that imagines nothing.
    IfAside,
    /// Words that name nobody and nothing, as people put them before any assertion.
    Filler,
    /// What ties the word behind it to the words before it.
    Preposition,
    /// A verb by which somebody only has it said, feared or promised.
    Distanced,
    /// Words that say nothing but how somebody talks.
    Particle,
    /// Says that what follows is meant, whatever was told before.
    Earnest,
}

impl Section {
    /// Whether its cues put a frame around the claim; the others turn it round.
    pub const fn is_frame(self) -> bool {
        matches!(
            self,
            Self::Reported
                | Self::Speech
                | Self::Imagined
                | Self::ImaginedHere
                | Self::Indirect
                | Self::IfAside
                | Self::Distanced
        )
    }

    const ALL: [(&'static str, Self); 23] = [
        ("negator", Self::Negator),
        ("no-negation", Self::NoNegation),
        ("denial-before", Self::DenialBefore),
        ("denial-after", Self::DenialAfter),
        ("denial-next", Self::DenialNext),
        ("confirmed", Self::Confirmed),
        ("rhetorical", Self::Rhetorical),
        ("tag", Self::Tag),
        ("asking", Self::Asking),
        ("indirect", Self::Indirect),
        ("question-after", Self::QuestionAfter),
        ("reported", Self::Reported),
        ("reported-behind", Self::ReportedBehind),
        ("speech", Self::Speech),
        ("endorsed", Self::Endorsed),
        ("imagined", Self::Imagined),
        ("imagined-here", Self::ImaginedHere),
        ("if-aside", Self::IfAside),
        ("filler", Self::Filler),
        ("preposition", Self::Preposition),
        ("distanced", Self::Distanced),
        ("particle", Self::Particle),
        ("earnest", Self::Earnest),
    ];
}

/// One cue.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// Whether it counts only at the start of what is searched.
    anchored: bool,
    elements: Vec<Element>,
}

/// One word of a cue.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Element {
    /// One of these.
    Words(Vec<String>),
    /// Any one.
    Any,
    /// Up to three.
    Gap,
}

/// The longest run of words that `**` leaves open.
const GAP: usize = 3;

/// The cues of one language.
#[derive(Debug, Clone, Default)]
pub struct Cues {
    sections: BTreeMap<Section, Lines>,
}

/// The cues of a section by their first word: a message has hundreds of words, and few open one.
#[derive(Debug, Clone, Default)]
struct Lines {
    all: Vec<Line>,
    /// The places of those that a word opens.
    opened: QuickMap<String, Vec<usize>>,
    /// The places of those that any word may open.
    open: Vec<usize>,
}

impl Lines {
    fn add(&mut self, line: Line) {
        let at = self.all.len();
        match line.elements.first() {
            Some(Element::Words(words)) => {
                for word in words {
                    self.opened.entry(word.clone()).or_default().push(at);
                }
            }
            _ => self.open.push(at),
        }
        self.all.push(line);
    }

    /// The longest that stands at the start of `tokens`, in tokens.
    fn longest(&self, tokens: &[Token], anchored: bool) -> Option<usize> {
        let opened = tokens.first().and_then(|token| self.opened.get(&token.text));
        let places = opened.into_iter().flatten().chain(&self.open);
        let lines = places.filter_map(|at| self.all.get(*at));
        let counts = lines.filter(|line| anchored || !line.anchored);
        counts.filter_map(|line| length(&line.elements, tokens)).max()
    }
}

impl Cues {
    /// The English cues.
    pub fn english() -> Self {
        Self::parse(include_str!("data/cues-en.txt"))
    }

    /// Reads a data file; a line of an unknown section is left out, which a test rules out.
    fn parse(text: &str) -> Self {
        let mut cues = Self::default();
        let mut section = None;
        for line in
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = Section::ALL
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, section)| *section);
            } else if let Some(section) = section {
                let anchored = line.starts_with("^ ");
                let words = line.trim_start_matches("^ ").split_whitespace();
                let elements = words.map(element).collect();
                cues.sections.entry(section).or_default().add(Line { anchored, elements });
            }
        }
        cues
    }

    /// Every place of `tokens` where a cue of the section stands, by token.
    pub fn all(&self, section: Section, tokens: &[Token]) -> Vec<Range<usize>> {
        let Some(cues) = self.sections.get(&section) else { return Vec::new() };
        let mut found = Vec::new();
        for start in 0..tokens.len() {
            let rest = tokens.get(start..).unwrap_or(&[]);
            let longest = cues.longest(rest, start == 0);
            found.extend(longest.filter(|length| *length > 0).map(|length| start..start + length));
        }
        found
    }

    /// The longest cue of the section that opens `tokens`, in tokens.
    pub fn opens(&self, section: Section, tokens: &[Token]) -> Option<usize> {
        self.sections.get(&section)?.longest(tokens, true)
    }

    /// The longest cue of the section that ends `tokens`, in tokens.
    pub fn ends(&self, section: Section, tokens: &[Token]) -> Option<usize> {
        (0..tokens.len()).find_map(|start| {
            let rest = tokens.get(start..)?;
            self.opens(section, rest).filter(|length| *length == rest.len())
        })
    }
}

fn element(word: &str) -> Element {
    match word {
        "*" => Element::Any,
        "**" => Element::Gap,
        words => Element::Words(words.split('|').map(str::to_owned).collect()),
    }
}

/// How many tokens the cue covers at the start of `tokens`.
fn length(cue: &[Element], tokens: &[Token]) -> Option<usize> {
    let Some((first, rest)) = cue.split_first() else { return Some(0) };
    match first {
        Element::Words(words) => {
            let (token, tail) = tokens.split_first()?;
            words.contains(&token.text).then_some(())?;
            length(rest, tail).map(|length| length + 1)
        }
        Element::Any => length(rest, tokens.get(1..)?).map(|length| length + 1),
        Element::Gap => {
            (0..=GAP).find_map(|skip| length(rest, tokens.get(skip..)?).map(|length| length + skip))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cues, Section};
    use crate::text;

    #[test]
    fn every_section_of_the_file_is_known_and_filled() {
        let cues = Cues::english();
        for (name, section) in Section::ALL {
            assert!(cues.sections.get(&section).is_some_and(|list| !list.all.is_empty()), "{name}");
        }
        let named =
            include_str!("data/cues-en.txt").lines().filter(|line| line.starts_with('[')).count();
        assert_eq!(named, Section::ALL.len());
    }

    #[test]
    fn cues_are_found_where_they_stand() {
        let cues = Cues::english();
        let find = |section, typed: &str| cues.all(section, &text::read(typed).tokens);
        assert_eq!(find(Section::Negator, "they did not go"), vec![2..3]);
        assert_eq!(find(Section::NoNegation, "it's not a myth"), vec![1..4]);
        assert_eq!(find(Section::Reported, "the school says it"), vec![0..3]);
        assert!(find(Section::Reported, "we went to school").is_empty());
    }
}
