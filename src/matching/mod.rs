//! Finds which claims a message is about, how surely, and what it says of them. Knows neither channels nor what is done about it.
//!
//! The index finds patterns of which enough is seen in the message; each is laid over the part that it
//! fits best; what met is measured and scored; then the words around it tell what the message does
//! with the claim.

pub mod align;
pub mod around;
pub mod assertion;
pub mod contender;
pub mod cues;
pub mod effort;
pub mod explain;
pub mod fuzzy;
pub mod index;
pub mod lessons;
pub mod letters;
pub mod pattern;
pub mod quick;
pub mod rarity;
pub mod score;
mod stance;
pub mod turns;
pub mod vocabulary;
pub mod weights;

use std::collections::{BTreeMap, BTreeSet};

use crate::matching::contender::{Contender, Given};
use crate::matching::cues::Cues;
use crate::matching::effort::Effort;
use crate::matching::index::Index;
use crate::matching::letters::Letters;
use crate::matching::pattern::{Origin, Pattern, Role};
use crate::matching::rarity::Rarity;
use crate::matching::score::Features;
use crate::matching::vocabulary::{TermId, Vocabulary};
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, ClaimId};
use crate::model::explanation::{Assertion, Candidate};
use crate::model::phrasing::{Phrasing, Piece, Variant};
use crate::text::Text;
use crate::text::token::Token;

/// All phrasings of a catalog, indexed.
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    rarity: Rarity,
    vocabulary: Vocabulary,
    patterns: Vec<Pattern>,
    index: Index,
    letters: Letters,
    cues: Cues,
    claims: Vec<Known>,
}

/// A candidate below this score is not worth naming: 49 of 50 such messages are about something else.
const LEAST_SCORE: u16 = 20;
/// The log-odds of that score are -3.9; what lies below these is rounded to less.
const LEAST_LOG_ODDS: f32 = -4.0;

/// What a candidate says of its claim.
#[derive(Debug, Clone)]
struct Known {
    id: ClaimId,
    phrasings: Vec<String>,
    counter_phrasings: Vec<String>,
    /// Every term of its phrasings, sorted.
    terms: Vec<TermId>,
    /// What its phrasings negate; see [`turns::turned`].
    turned: Vec<Vec<TermId>>,
}

impl Matcher {
    /// Indexes the published claims.
    pub fn build(catalog: &Catalog) -> Self {
        let claims: Vec<&Claim> = catalog.published().collect();
        let rarity = Rarity::new(claims.len());
        let mut vocabulary = Vocabulary::new(catalog.aliases());
        let mut drafts = Vec::new();
        let mut with: BTreeMap<TermId, BTreeSet<usize>> = BTreeMap::new();
        for (at, claim) in claims.iter().enumerate() {
            for (origin, variant) in variants(at, claim) {
                let draft = pattern::draft(&variant, catalog.aliases(), &mut vocabulary, &rarity);
                if origin.role != Role::NearMiss {
                    for (term, _, _) in &draft.terms {
                        with.entry(*term).or_default().insert(at);
                    }
                }
                drafts.push((origin, draft));
            }
        }
        let group_messages = group_messages(catalog, &vocabulary, &rarity);
        let messages = |term: TermId| group_messages.get(&term).copied().unwrap_or_default();
        let claims_with = |term: TermId| with.get(&term).map_or(0, BTreeSet::len);
        let mut patterns: Vec<Pattern> = drafts
            .iter()
            .map(|(origin, draft)| Pattern::new(*origin, draft, &rarity, &messages, &claims_with))
            .filter(|pattern| !pattern.terms.is_empty())
            .collect();
        mark_essential(&mut patterns);
        patterns.retain(|pattern| !pattern.stated || pattern.terms.len() >= STATES);
        let index = Index::build(&patterns, vocabulary.len());
        let mut known: Vec<Known> = claims.iter().copied().map(Known::from).collect();
        for (term, claims) in &with {
            for claim in claims {
                known.get_mut(*claim).into_iter().for_each(|known| known.terms.push(*term));
            }
        }
        for pattern in patterns.iter().filter(|pattern| pattern.origin.role == Role::Phrasing) {
            if let Some(known) = known.get_mut(pattern.origin.claim) {
                known.turned.extend(turns::turned(pattern));
            }
        }
        for one in &mut known {
            one.turned.sort_unstable();
            one.turned.dedup();
        }
        let mut matcher = Self {
            rarity,
            vocabulary,
            letters: Letters::build(&statements(catalog, &claims, &patterns)),
            patterns,
            index,
            cues: Cues::english(),
            claims: known,
        };
        matcher.keep_telling_near_misses(&claims);
        matcher
    }

    /// The claims that a message may be about, best first, at most `top`, one candidate a claim.
    pub fn find(&self, text: &Text, top: usize) -> Vec<Candidate> {
        self.find_counted(text, top).0
    }

    /// The same, and how many steps it took.
    pub fn find_counted(&self, text: &Text, top: usize) -> (Vec<Candidate>, Effort) {
        let mut effort = Effort::default();
        let given = Given { least: LEAST_LOG_ODDS, ..Given::default() };
        let mut contenders = self.contenders_counted(text, &given, &mut effort);
        contenders.retain(|one| one.best.score.thousandths() >= LEAST_SCORE);
        contenders.truncate(top);
        let candidates =
            contenders.iter().filter_map(|one| self.candidate(one, text, &mut effort)).collect();
        (candidates, effort)
    }

    /// What the score of each claim near a message is made of, the likeliest first, however unlikely: for
    /// measuring the order and for learning the weights.
    pub fn measure(&self, text: &Text) -> Vec<(ClaimId, Features)> {
        let named = |one: &Contender<'_>| {
            Some((self.claims.get(one.claim())?.id.clone(), one.best.features))
        };
        self.contenders(text, &Given::default()).iter().filter_map(named).collect()
    }

    /// A near miss that denies the claim, asks about it or quotes it is about the claim, and lowers no
    /// score: assertion tells it apart. Only those that assert something else are evidence against.
    fn keep_telling_near_misses(&mut self, claims: &[&Claim]) {
        let mut about: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (at, claim) in claims.iter().enumerate() {
            for (number, message) in claim.near_misses.iter().enumerate() {
                let text = crate::text::read(message);
                if self.is_about(at, &text) {
                    about.insert((at, number));
                }
            }
        }
        self.patterns.retain(|pattern| {
            let Origin { claim, number, role } = pattern.origin;
            role != Role::NearMiss || !about.contains(&(claim, number))
        });
        self.index = Index::build(&self.patterns, self.vocabulary.len());
    }

    /// Whether a near miss does something with its claim other than asserting it.
    fn is_about(&self, claim: usize, near_miss: &Text) -> bool {
        let does = |one: &Contender<'_>| {
            self.stance(one, near_miss, &mut Effort::default()).1.assertion != Assertion::Asserted
        };
        let Some(mut one) = self.contender(claim, near_miss) else { return false };
        let alone = does(&one);
        one.beside_rival(true);
        // Rivals are dear to find and rarely change anything: they are looked for only where they would.
        if alone == does(&one) {
            return alone;
        }
        let all = self.contenders(near_miss, &Given { near_misses: false, ..Given::default() });
        all.iter().find(|one| one.claim() == claim).is_some_and(does)
    }
}

impl From<&Claim> for Known {
    fn from(claim: &Claim) -> Self {
        let written =
            |list: &[Phrasing]| list.iter().map(|phrasing| phrasing.text.clone()).collect();
        Self {
            id: claim.id.clone(),
            phrasings: written(&claim.phrasings),
            counter_phrasings: written(&claim.counter_phrasings),
            terms: Vec::new(),
            turned: Vec::new(),
        }
    }
}

/// Marks the names that nearly every phrasing of their claim has.
fn mark_essential(patterns: &mut [Pattern]) {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    let mut named: BTreeMap<(usize, TermId), usize> = BTreeMap::new();
    for pattern in patterns.iter().filter(|pattern| pattern.origin.role == Role::Phrasing) {
        *counts.entry(pattern.origin.claim).or_default() += 1;
        let terms: BTreeSet<TermId> =
            pattern.terms.iter().filter(|term| term.named).map(|term| term.term).collect();
        for term in terms {
            *named.entry((pattern.origin.claim, term)).or_default() += 1;
        }
    }
    for pattern in patterns {
        let all = counts.get(&pattern.origin.claim).copied().unwrap_or(0);
        pattern.stated = all < SAID_IN;
        for term in &mut pattern.terms {
            let with = named.get(&(pattern.origin.claim, term.term)).copied().unwrap_or(0);
            term.essential = 100 * with >= NEARLY_EVERY * all;
        }
    }
}

/// A statement of fewer words of any kind, "true", states nothing that a message could repeat.
const STATES: usize = 2;
/// So many variants are a list of how people say a claim; a claim and its title are two.
const SAID_IN: usize = 5;
/// In per cent: one phrasing in ten may use another name.
const NEARLY_EVERY: usize = 90;

/// The words of each claim that is known by a statement or two; none of one that is known by how people say it:
/// there a phrasing tells more than its letters.
fn statements(catalog: &Catalog, claims: &[&Claim], patterns: &[Pattern]) -> Vec<Vec<Token>> {
    let mut statements: Vec<Vec<Token>> = vec![Vec::new(); claims.len()];
    let stated: BTreeSet<usize> =
        patterns.iter().filter(|pattern| pattern.stated).map(|p| p.origin.claim).collect();
    for at in stated {
        let phrasings = claims.get(at).into_iter().flat_map(|claim| &claim.phrasings);
        let variants = phrasings.flat_map(|phrasing| &phrasing.variants);
        let sentences = variants.map(|variant| variant.sentence(catalog.aliases(), 0));
        let tokens = sentences.flat_map(|sentence| crate::text::read(&sentence).tokens);
        statements.get_mut(at).into_iter().for_each(|all| all.extend(tokens.clone()));
    }
    statements
}

/// Everything of a claim that a message may be laid over.
fn variants(at: usize, claim: &Claim) -> Vec<(Origin, Variant)> {
    let mut all = Vec::new();
    let sides = [(Role::Phrasing, &claim.phrasings), (Role::Counter, &claim.counter_phrasings)];
    for (role, phrasings) in sides {
        for (number, phrasing) in phrasings.iter().enumerate() {
            let origin = Origin { claim: at, number, role };
            all.extend(phrasing.variants.iter().map(|variant| (origin, variant.clone())));
        }
    }
    for (number, message) in claim.near_misses.iter().enumerate() {
        let origin = Origin { claim: at, number, role: Role::NearMiss };
        all.push((origin, Variant { pieces: vec![Piece::Words(message.clone())] }));
    }
    all
}

/// In how many messages a name of each alias group stands: a name's rarest word stands for it.
fn group_messages(
    catalog: &Catalog,
    vocabulary: &Vocabulary,
    rarity: &Rarity,
) -> BTreeMap<TermId, f32> {
    let mut counts = BTreeMap::new();
    for (group, names) in catalog.aliases().iter() {
        let Some(term) = vocabulary.group(group) else { continue };
        let of_name = |name: &String| {
            let tokens = crate::text::read(name).tokens;
            tokens.iter().map(|token| rarity.messages(&token.stem)).fold(f32::INFINITY, f32::min)
        };
        let sum: f32 = names.iter().map(of_name).filter(|count| count.is_finite()).sum();
        counts.insert(term, sum);
    }
    counts
}
