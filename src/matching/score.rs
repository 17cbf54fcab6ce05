//! What an alignment is worth: its features and the score made of them. Knows nothing of assertion.

use crate::matching::align::{Alignment, Partner};
use crate::matching::pattern::{Pattern, PatternTerm};
use crate::matching::rarity::Rarity;
use crate::model::score::Score;
use crate::text::Text;

/// What is measured of an alignment.
#[expect(clippy::struct_excessive_bools, reason = "each is a measurement that stands by itself")]
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Features {
    /// The share of the pattern's weight that met the message, 0 to 1.
    pub coverage: f32,
    /// The share of the pattern's content words that did, each counting the same, 0 to 1.
    pub content: f32,
    /// Of the weight between the first and the last word that met, the share that met, 0 to 1.
    pub tightness: f32,
    /// The share of neighbouring partners that stand in the pattern's order, 0 to 1.
    pub order: f32,
    /// All that met, in nats of evidence.
    pub mass: f32,
    /// Whether it runs over a sentence's end.
    pub crosses: bool,
    /// Whether the message has another number where the pattern has one.
    pub number_conflict: bool,
    /// How many things with names of their own the pattern speaks of and the message does not.
    pub unnamed: u8,
    /// Whether two such things stand the other way round than in the pattern.
    pub swapped: bool,
    /// Whether a near miss of the claim fits more of the message.
    pub near_miss: bool,
    /// Whether another claim's phrasing fits more of the same words.
    pub rival: bool,
}

/// Coverage at which a message is as likely about the claim as not, all else being right: a phrasing
/// of four content words may miss its lightest, not its subject.
const COVERAGE_MIDDLE: f32 = 0.80;
/// How sharply coverage decides, in log-odds for the whole range.
const COVERAGE_SLOPE: f32 = 13.0;
/// Missing one content word in four costs about as much as a fifth of the coverage.
const CONTENT_MIDDLE: f32 = 0.82;
const CONTENT_SLOPE: f32 = 6.0;
/// Words strewn over a long sentence are weaker evidence than the same in a row.
const TIGHTNESS_MIDDLE: f32 = 0.45;
const TIGHTNESS_SLOPE: f32 = 2.5;
/// Words in another order than the phrasing's are forgiven where they stand together ("an axis member is
/// what Stalin wanted to be") and count against it the more, the further they are strewn.
const DISORDER_SLOPE: f32 = 9.0;
/// What disorder costs even where nothing stands between.
const DISORDER_BASE: f32 = 0.12;
/// Less evidence than this (two rare words) is too little to speak on, however complete.
const MASS_BAR: f32 = 14.0;
/// Log-odds lost for each nat below the bar.
const MASS_SLOPE: f32 = 0.35;
/// Log-odds lost where the words stand in two sentences.
const CROSSING: f32 = 1.6;
/// Log-odds lost where a number contradicts: 1939 is not 1940.
const NUMBER: f32 = 4.0;
/// Log-odds lost for each thing that the message does not name: "samurai wore helmets with horns".
const UNNAMED: f32 = 2.2;
/// Log-odds lost where names change places: "the Axis tried to join the USSR" is another claim. A passive
/// turn that means the same is a phrasing of its own.
const SWAPPED: f32 = 4.0;
/// Log-odds lost where the claim's author wrote down nearly this message as one to leave alone.
const NEAR_MISS: f32 = 5.0;
/// Log-odds lost where another claim says the same and more: "the only thing visible from space" is not
/// "visible from space".
const RIVAL: f32 = 3.0;
/// A near miss fits where it is met nearly whole ...
const NEAR_MISS_COVERAGE: f32 = 0.92;
/// ... and explains more of the message than the phrasing by at least a content word, in nats.
const NEAR_MISS_GAIN: f32 = 2.9;

impl Features {
    /// Measures an alignment.
    pub fn measure(pattern: &Pattern, alignment: &Alignment, text: &Text, rarity: &Rarity) -> Self {
        let mut met = 0.0;
        let mut content = 0.0;
        for partner in alignment.partners.iter().chain(&alignment.context) {
            let Some(term) = pattern.terms.get(partner.term) else { continue };
            met += term.weight * partner.sighting.worth;
            if term.content {
                content += partner.sighting.worth;
            }
        }
        Self {
            coverage: met / pattern.weight.max(f32::MIN_POSITIVE),
            content: content / at_least_one(pattern.content),
            tightness: tightness(met, alignment, text, rarity),
            order: order(alignment),
            mass: met,
            crosses: alignment.crosses,
            number_conflict: number_conflict(pattern, alignment, text),
            unnamed: unnamed(pattern, alignment),
            swapped: swapped(pattern, alignment),
            near_miss: false,
            rival: false,
        }
    }

    /// Whether these are of a pattern that explains the message better than the phrasing with `phrasing`'s.
    pub fn outdo(&self, phrasing: &Self) -> bool {
        self.coverage >= NEAR_MISS_COVERAGE
            && !self.number_conflict
            && self.mass >= phrasing.mass + NEAR_MISS_GAIN
    }

    /// The score: a logistic model over the features.
    pub fn score(&self) -> Score {
        Score::from_probability(1.0 / (1.0 + (-self.log_odds()).exp()))
    }

    fn log_odds(&self) -> f32 {
        let penalty = |holds: bool, cost: f32| if holds { cost } else { 0.0 };
        COVERAGE_SLOPE * (self.coverage - COVERAGE_MIDDLE)
            + CONTENT_SLOPE * (self.content - CONTENT_MIDDLE)
            + TIGHTNESS_SLOPE * (self.tightness - TIGHTNESS_MIDDLE)
            - DISORDER_SLOPE * (1.0 - self.order) * (1.0 - self.tightness + DISORDER_BASE)
            - MASS_SLOPE * (MASS_BAR - self.mass).max(0.0)
            - penalty(self.crosses, CROSSING)
            - penalty(self.number_conflict, NUMBER)
            - penalty(self.swapped, SWAPPED)
            - penalty(self.near_miss, NEAR_MISS)
            - penalty(self.rival, RIVAL)
            - UNNAMED * f32::from(self.unnamed)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a phrasing has a few dozen words")]
fn at_least_one(count: usize) -> f32 {
    count.max(1) as f32
}

/// Whether two names change sides of a word that stands between them in the pattern and in the message:
/// "the Axis tried to join the USSR" for "the USSR tried to join the Axis".
fn swapped(pattern: &Pattern, alignment: &Alignment) -> bool {
    let is = |partner: &Partner, test: fn(&PatternTerm) -> bool| {
        pattern.terms.get(partner.term).is_some_and(test)
    };
    let place = |partner: &Partner| partner.sighting.first;
    let names: Vec<&Partner> =
        alignment.partners.iter().filter(|p| is(p, |term| term.named)).collect();
    let verbs: Vec<&Partner> =
        alignment.partners.iter().filter(|p| is(p, |term| term.content && !term.named)).collect();
    names.iter().any(|left| {
        names.iter().filter(|right| left.term < right.term && place(left) > place(right)).any(
            |right| {
                verbs.iter().any(|verb| {
                    (left.term..right.term).contains(&verb.term)
                        && (place(right)..place(left)).contains(&place(verb))
                })
            },
        )
    })
}

fn unnamed(pattern: &Pattern, alignment: &Alignment) -> u8 {
    let met = |at: usize| {
        alignment.partners.iter().chain(&alignment.context).any(|partner| partner.term == at)
    };
    let missing =
        pattern.terms.iter().enumerate().filter(|(at, term)| term.named && !met(*at)).count();
    u8::try_from(missing).unwrap_or(u8::MAX)
}

/// The share of weight that met, between the first and the last word that did.
fn tightness(met: f32, alignment: &Alignment, text: &Text, rarity: &Rarity) -> f32 {
    let covered = |at: usize| {
        alignment.partners.iter().any(|partner| partner.sighting.tokens().contains(&at))
    };
    let between: f32 = alignment
        .tokens
        .clone()
        .filter(|at| !covered(*at))
        .filter_map(|at| text.tokens.get(at))
        .map(|token| rarity.weight(&token.stem, 0))
        .sum();
    met / (met + between).max(f32::MIN_POSITIVE)
}

fn order(alignment: &Alignment) -> f32 {
    let mut right = 0;
    let mut all = 0;
    for pair in alignment.partners.windows(2) {
        if let [one, next] = pair {
            all += 1;
            right += usize::from(one.sighting.first < next.sighting.first);
        }
    }
    if all == 0 { 1.0 } else { float(right) / at_least_one(all) }
}

#[expect(clippy::cast_precision_loss, reason = "a phrasing has a few dozen words")]
fn float(count: usize) -> f32 {
    count as f32
}

/// Whether a number of the pattern is missing while the message has another of the same length nearby.
fn number_conflict(pattern: &Pattern, alignment: &Alignment, text: &Text) -> bool {
    let met = |at: usize| alignment.partners.iter().any(|partner| partner.term == at);
    let lengths: Vec<usize> = pattern
        .terms
        .iter()
        .enumerate()
        .filter(|(at, term)| term.number.is_some() && !met(*at))
        .map(|(_, term)| term.surface.len())
        .collect();
    let nearby = alignment.tokens.start.saturating_sub(4)..alignment.tokens.end + 4;
    nearby.filter_map(|at| text.tokens.get(at)).any(|token| {
        let digits = token.stem.bytes().all(|b| b.is_ascii_digit());
        digits && lengths.contains(&token.text.len())
    })
}
