//! What a message does with a contender's claim, and which of its fits tells. Knows no score but to compare fits.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::matching::Matcher;
use crate::matching::assertion::{self, Said, Stance};
use crate::matching::contender::{Contender, Fit};
use crate::matching::effort::Effort;
use crate::matching::pattern::Role;
use crate::matching::turns;
use crate::matching::vocabulary::TermId;
use crate::model::explanation::Assertion;
use crate::text::Text;

/// Phrasings whose scores differ by no more than this, in thousandths, say the message alike.
const ALIKE: u16 = 80;
/// A phrasing of which so much met is said, whatever another one that fits better says besides: "there was no
/// genocide, they were only relocated".
const WHOLLY: f32 = 0.85;
/// A phrasing of which less met says nothing about which words are the claim's own.
const MOSTLY: f32 = 0.75;

impl Matcher {
    pub(super) fn asserts(&self, fit: &Fit<'_>, text: &Text, effort: &mut Effort) -> bool {
        self.read(fit, text, &Said::default(), effort).assertion == Assertion::Asserted
    }

    fn read(&self, fit: &Fit<'_>, text: &Text, said: &Said, effort: &mut Effort) -> Stance {
        effort.readings += 1;
        assertion::read(fit.pattern, &fit.alignment, text, &self.cues, said)
    }

    /// What the message does with a claim, and the fit that tells.
    ///
    /// A claim may be a negation ("nobody died"), and a phrasing without one may fit as well: there the
    /// message's own negation is no denial.
    pub(super) fn stance<'a>(
        &self,
        one: &'a Contender<'_>,
        text: &Text,
        effort: &mut Effort,
    ) -> (&'a Fit<'a>, Stance) {
        let mut said = one.said();
        said.negators.extend(self.own_turns(one, text));
        said.negators.sort_unstable();
        let stance = self.read(&one.best, text, &said, effort);
        if stance.assertion == Assertion::Denied && !stance.shares_negation {
            let by = stance.cues.first().and_then(|cue| cue.span.as_ref());
            let as_well = |fit: &&Fit<'_>| {
                let its_own = by.is_some_and(|by| fit.negates_at(by, text));
                let as_whole =
                    fit.features.coverage >= WHOLLY || fit.score.raised_by(ALIKE) >= one.best.score;
                its_own && as_whole
            };
            for fit in one.others.iter().filter(as_well) {
                let other = self.read(fit, text, &said, effort);
                if other.assertion == Assertion::Asserted && other.shares_negation {
                    return (fit, other);
                }
            }
        }
        if stance.assertion == Assertion::Asserted && stance.shares_negation {
            // "nobody faked the moon landing" is nearly "nobody landed on the moon": in doubt it denies.
            // "she was not Egyptian, she was Greek" has all words of the contrary, in another order.
            let as_well = |fit: &&Fit<'_>| {
                fit.score.raised_by(ALIKE) >= one.best.score
                    || fit.features.coverage >= WHOLLY
                        && one.best.features.order < fit.features.order
            };
            for fit in one.others.iter().filter(as_well) {
                let other = self.read(fit, text, &said, effort);
                if other.assertion == Assertion::Denied && !other.shares_negation {
                    return (fit, other);
                }
            }
        }
        (&one.best, stance)
    }

    /// The negators of the message that the claim has too.
    fn own_turns(&self, one: &Contender<'_>, text: &Text) -> Vec<usize> {
        let turned = self.claims.get(one.claim()).map_or(&[][..], |known| known.turned.as_slice());
        let mut met: BTreeMap<usize, Vec<TermId>> = BTreeMap::new();
        let says = |fit: &&Fit<'_>| fit.pattern.origin.role == Role::Phrasing;
        for fit in std::iter::once(&one.best).chain(&one.others).filter(says) {
            for partner in &fit.alignment.partners {
                let term = fit.pattern.terms.get(partner.term).filter(|term| term.content);
                for at in term.map_or(0..0, |_| partner.sighting.tokens()) {
                    met.entry(at).or_default().extend(term.map(|term| term.term));
                }
            }
        }
        if one.best.pattern.origin.role == Role::Counter {
            return Vec::new();
        }
        turns::own(turned, &met, text, &self.rarity)
    }
}

impl Contender<'_> {
    /// What the claim's phrasings have of the message, those of which enough is met.
    fn said(&self) -> Said {
        let mut said = Said::default();
        let fits = std::iter::once(&self.best).chain(&self.others);
        for fit in fits.filter(|fit| fit.features.coverage >= MOSTLY) {
            let partners = fit.alignment.partners.iter();
            said.tokens.extend(partners.flat_map(|partner| partner.sighting.tokens()));
            let content = |at: usize| fit.pattern.terms.get(at).is_some_and(|term| term.content);
            let things = fit.alignment.partners.iter().filter(|partner| content(partner.term));
            said.things.extend(things.flat_map(|partner| partner.sighting.tokens()));
            // "never had wooden teeth" is most of "never had teeth of his own", and denies.
            if fit.features.coverage >= WHOLLY {
                said.negators.extend(assertion::negators(fit.pattern, &fit.alignment));
            }
        }
        said.tokens.sort_unstable();
        said.things.sort_unstable();
        said.negators.sort_unstable();
        said
    }
}

impl Fit<'_> {
    /// Whether a negator of the phrasing's own turns what it turns there at some bytes of the message.
    fn negates_at(&self, span: &Range<usize>, text: &Text) -> bool {
        assertion::negators(self.pattern, &self.alignment).into_iter().any(|at| {
            let token = text.tokens.get(at);
            token.is_some_and(|token| span.start < token.span.end && token.span.start < span.end)
        })
    }
}
