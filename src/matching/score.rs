//! What an alignment is worth: its features and the score made of them. Knows nothing of assertion.

use crate::matching::align::{Alignment, Partner};
use crate::matching::around::Around;
use crate::matching::assertion::is_negator;
use crate::matching::pattern::{CONTENT_WEIGHT, Pattern, PatternTerm};
use crate::matching::vocabulary::Sighting;
use crate::matching::weights::{FACTORS, INTERCEPT, STATED_INTERCEPT, STATED_WEIGHTS, WEIGHTS};
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
    /// The rarest word that met, in nats.
    pub rarest: f32,
    /// The share of neighbouring partners that stand side by side, 0 to 1.
    pub runs: f32,
    /// The share of neighbouring partners that stand side by side the wrong way round, 0 to 1: nothing but
    /// order says who "failed" whom.
    pub backwards: f32,
    /// The weight of the whole message, in nats.
    pub message_weight: f32,
    /// The weight of the sentences that the alignment touches, in nats.
    pub sentence_weight: f32,
    /// The weight of the message's words that any phrasing of the claim has, in nats.
    pub bag: f32,
    /// The same within the sentences that the alignment touches.
    pub sentence_bag: f32,
    /// What another phrasing of the claim met, in nats.
    pub support: f32,
    /// How far the claim's words lead before those of the next claim, as a share, -1 to 1.
    pub lead: f32,
    /// Whether the pattern has at most [`SHORT`] content words.
    pub short: bool,
    /// Whether the claim is known by a statement or two and not by the many ways in which people say it.
    pub stated: bool,
    /// How much each content word of the pattern is needed, 0 to 1: wholly where there are at most [`FEW`],
    /// least in a long one, and in a long statement not at all.
    pub needed: f32,
    /// Whether a word of grammar that ties the pattern together is missing.
    pub loose: bool,
    /// Whether it runs over a sentence's end.
    pub crosses: bool,
    /// Whether the message has another number where the pattern has one.
    pub number_conflict: bool,
    /// How many negations and things with names of their own the pattern has and the message does not; those
    /// that nearly every phrasing of the claim names, and negations, count [`ESSENTIAL`] times. A name that only
    /// owns what the message speaks of, "Einstein's son", counts once.
    pub unnamed: u8,
    /// Whether two names stand the other way round than in the pattern, or any two words around one that relates
    /// them.
    pub swapped: bool,
    /// What stands around it that is foreign to the claim.
    pub around: Around,
    /// The share of a stated claim's runs of three letters that the message has, the rare ones counting more,
    /// 0 to 1; 0 for a claim that is known by how people say it.
    pub letters: f32,
    /// How well those runs answer to the message, as a share of what the likeliest claim's do, 0 to 1.
    pub likeness: f32,
    /// Whether a near miss of the claim fits more of the message.
    pub near_miss: bool,
    /// Whether another claim's phrasing fits more of the same words.
    pub rival: bool,
}

/// Less evidence than this (two rare words), in nats, is too little to speak on, however complete.
const THIN: f32 = 14.0;
/// More evidence than a phrasing of three rare words can give, in nats: what a long claim is told by.
const ABUNDANT: f32 = 22.0;
/// The unit in which abundance is counted, in nats: about one rare word.
const ABUNDANCE_UNIT: f32 = 8.0;
/// What a name counts that nearly every phrasing of a claim has, and a negation: a saying without its sayer is
/// just a saying.
const ESSENTIAL: u8 = 3;
/// A phrasing of so many content words is short: there nothing but its form tells it from a mention.
const SHORT: usize = 2;
/// And where there are so many, leaving one out changes what is said: "einstein aced math".
const FEW: usize = 3;
/// What disorder costs even where nothing stands between.
const DISORDER_BASE: f32 = 0.12;
/// A pattern fits better than another of which it has all but a trifle ...
const OUTDOES_COVERAGE: f32 = 0.92;
/// ... where it explains more of the message by at least a content word, in nats.
const OUTDOES_GAIN: f32 = 2.9;
/// ... or explains as much of it, give or take so many nats ...
const OUTDOES_TRIFLE: f32 = 0.5;
/// ... and is met more wholly, or in its own order, by so large a share.
const OUTDOES_ORDER: f32 = 0.1;

impl Features {
    /// Measures an alignment; `weights` are those of the message's tokens, in nats.
    pub fn measure(pattern: &Pattern, alignment: &Alignment, text: &Text, weights: &[f32]) -> Self {
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
            tightness: tightness(met, alignment, weights),
            order: order(alignment),
            mass: met,
            rarest: alignment
                .partners
                .iter()
                .filter_map(|p| pattern.terms.get(p.term))
                .map(|t| t.weight)
                .fold(0.0, f32::max),
            runs: runs(alignment, |one, next| next.first == one.last + 1),
            backwards: runs(alignment, |one, next| one.first == next.last + 1),
            message_weight: weights.iter().sum(),
            sentence_weight: alignment.sentences(text).filter_map(|at| weights.get(at)).sum(),
            bag: 0.0,
            sentence_bag: 0.0,
            support: 0.0,
            lead: 0.0,
            short: pattern.content <= SHORT,
            stated: pattern.stated,
            needed: needed(pattern.words, pattern.stated),
            loose: pattern.terms.iter().enumerate().any(|(at, term)| {
                !term.content
                    && term.surface != "the"
                    && term.surface != "a"
                    && alignment.partners.iter().all(|p| p.term != at)
            }),
            crosses: alignment.crosses,
            number_conflict: number_conflict(pattern, alignment, text),
            unnamed: unnamed(pattern, alignment) + others_deeds(pattern, alignment, text, weights),
            swapped: swapped(pattern, alignment),
            around: Around::default(),
            letters: 0.0,
            likeness: 0.0,
            near_miss: false,
            rival: false,
        }
    }

    /// Whether all of the pattern but a trifle was met.
    pub fn is_whole(&self) -> bool {
        self.coverage >= OUTDOES_COVERAGE
    }

    /// Whether these are of a pattern that explains the message better than the phrasing with `phrasing`'s.
    pub fn outdo(&self, phrasing: &Self) -> bool {
        let says_more = self.mass >= phrasing.mass + OUTDOES_GAIN;
        let as_much = self.mass >= phrasing.mass - OUTDOES_TRIFLE;
        let in_its_order = self.order > phrasing.order + OUTDOES_ORDER;
        let wholly = self.coverage > phrasing.coverage + OUTDOES_ORDER;
        self.is_whole()
            && !self.number_conflict
            && (says_more || as_much && (in_its_order || wholly))
    }

    /// The score: a logistic model over the factors.
    pub fn score(&self) -> Score {
        Score::from_probability(1.0 / (1.0 + (-self.log_odds()).exp()))
    }

    /// The log-odds behind the score, which order what the score no longer parts.
    pub fn log_odds(&self) -> f32 {
        let factors = self.factors().into_iter();
        if self.stated {
            let weighed = factors.zip(STATED_WEIGHTS).map(|(factor, weight)| factor * weight);
            return STATED_INTERCEPT + weighed.sum::<f32>();
        }
        let weighed = factors.zip(WEIGHTS).map(|(factor, (_, weight))| factor * weight);
        INTERCEPT + weighed.sum::<f32>()
    }

    /// What the model weighs, in the order of [`WEIGHTS`].
    pub fn factors(&self) -> [f32; FACTORS] {
        let holds = |holds: bool| f32::from(u8::from(holds));
        let disorder = 1.0 - self.order;
        let gap = 1.0 - self.tightness;
        let abundance = (1.0 + (self.mass - ABUNDANT).max(0.0) / ABUNDANCE_UNIT).ln();
        [
            self.coverage,
            self.content,
            self.tightness,
            disorder * (gap + DISORDER_BASE),
            (THIN - self.mass).max(0.0),
            holds(self.crosses),
            holds(self.number_conflict),
            f32::from(self.unnamed),
            holds(self.swapped),
            holds(self.near_miss),
            holds(self.rival),
            holds(self.short) * gap,
            self.needed * self.backwards,
            holds(self.short && self.loose),
            holds(self.stated) * abundance,
            holds(self.stated) * abundance * (1.0 - self.coverage),
            self.rarest,
            self.runs,
            self.mass / self.message_weight.max(self.mass).max(f32::MIN_POSITIVE),
            self.bag / self.message_weight.max(f32::MIN_POSITIVE),
            (1.0 + self.bag / ABUNDANCE_UNIT).ln(),
            (1.0 + self.support / ABUNDANCE_UNIT).ln(),
            self.lead,
            self.needed * (1.0 - self.content),
            self.mass / self.sentence_weight.max(self.mass).max(f32::MIN_POSITIVE),
            self.sentence_bag / self.sentence_weight.max(f32::MIN_POSITIVE),
            (1.0 + self.around.before).ln(),
            holds(self.around.taken),
            self.letters,
            self.likeness,
        ]
    }
}

#[expect(clippy::cast_precision_loss, reason = "a phrasing has a few dozen words")]
fn at_least_one(count: usize) -> f32 {
    count.max(1) as f32
}

/// Words that say how what stands before them relates to what stands behind.
const RELATES: [&str; 8] = ["from", "by", "than", "of", "against", "before", "after", "rather"];

/// Whether two names change sides of a word that stands between them in the pattern and in the message, "the Axis
/// tried to join the USSR" for "the USSR tried to join the Axis", or any two words those of one that relates them:
/// "the Moon is visible from the Great Wall".
fn swapped(pattern: &Pattern, alignment: &Alignment) -> bool {
    let term = |partner: &Partner| pattern.terms.get(partner.term);
    let place = |partner: &Partner| partner.sighting.first;
    let is = |partner: &Partner, test: fn(&PatternTerm) -> bool| term(partner).is_some_and(test);
    let of = |test: fn(&PatternTerm) -> bool| -> Vec<&Partner> {
        alignment.partners.iter().filter(|partner| is(partner, test)).collect()
    };
    let things = of(|term| term.content);
    let verbs = of(|term| term.content && !term.named);
    let relations = of(|term| RELATES.contains(&term.surface.as_str()));
    things.iter().any(|left| {
        let changed =
            things.iter().filter(|right| left.term < right.term && place(left) > place(right));
        changed.into_iter().any(|right| {
            let both = is(left, |term| term.named) && is(right, |term| term.named);
            let between = |pivot: &&&Partner| {
                (left.term + 1..right.term).contains(&pivot.term)
                    && (place(right) + 1..place(left)).contains(&place(pivot))
            };
            relations.iter().any(|pivot| between(&pivot))
                || both && verbs.iter().any(|pivot| between(&pivot))
        })
    })
}

/// How many names only own what the message speaks of: "Einstein's son failed math".
fn others_deeds(pattern: &Pattern, alignment: &Alignment, text: &Text, weights: &[f32]) -> u8 {
    let met = |at: usize| alignment.partners.iter().any(|p| p.sighting.tokens().contains(&at));
    let names = alignment.partners.iter().filter(|partner| {
        let last = partner.sighting.last;
        let foreign = weights.get(last + 1).is_some_and(|weight| *weight >= CONTENT_WEIGHT);
        pattern.terms.get(partner.term).is_some_and(|term| term.named)
            && text.tokens.get(last).is_some_and(|token| token.owns)
            && foreign
            && !met(last + 1)
    });
    u8::try_from(names.count()).unwrap_or(u8::MAX)
}

fn unnamed(pattern: &Pattern, alignment: &Alignment) -> u8 {
    let met = |at: usize| {
        alignment.partners.iter().chain(&alignment.context).any(|partner| partner.term == at)
    };
    let missing = pattern.terms.iter().enumerate().filter(|(at, _)| !met(*at));
    let counts = missing.map(|(_, term)| match (term.named, term.essential) {
        (true, true) => ESSENTIAL,
        (true, false) => 1,
        // "never happened" is not said by "happened".
        (false, _) if is_negator(&term.surface) => ESSENTIAL,
        (false, _) => 0,
    });
    counts.sum()
}

/// The share of weight that met, between the first and the last word that did.
fn tightness(met: f32, alignment: &Alignment, weights: &[f32]) -> f32 {
    let covered = |at: usize| {
        alignment.partners.iter().any(|partner| partner.sighting.tokens().contains(&at))
    };
    let inside = alignment.tokens.clone().filter(|at| !covered(*at));
    let between: f32 = inside.filter_map(|at| weights.get(at)).sum();
    met / (met + between).max(f32::MIN_POSITIVE)
}

/// Where an author wrote down how people say a claim, what was left out was not said; a statement that stands
/// for all of them says the thing twice over.
fn needed(content: usize, stated: bool) -> f32 {
    match (content, stated) {
        (0..=FEW, _) => 1.0,
        // One of five may be left out where all else is right.
        (4..=5, _) => 0.4,
        (6..=9, false) => 0.35,
        (_, false) => 0.25,
        (6..=9, true) => 0.12,
        (_, true) => 0.0,
    }
}

/// The share of neighbouring partners that stand so to each other.
fn runs(alignment: &Alignment, stand: fn(&Sighting, &Sighting) -> bool) -> f32 {
    let pairs = alignment.partners.len().saturating_sub(1);
    let standing = alignment
        .partners
        .windows(2)
        .filter(|pair| matches!(pair, [one, next] if stand(&one.sighting, &next.sighting)));
    float(standing.count()) / at_least_one(pairs)
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
