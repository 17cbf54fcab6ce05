//! The stable names of all findings. Knows neither what they mean (`lint::rule` has the table) nor who finds them.

use crate::model::diagnostic::Code;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        $($(#[$doc])* pub const $name: Code = Code($word);)*

        /// Every code, in the order of `lint::rule`'s table.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    // Files and folders.
    /// The file cannot be read.
    UNREADABLE = "unreadable";
    /// The file is not UTF-8.
    NOT_UTF8 = "not-utf8";
    /// The file is larger than any response should be.
    FILE_TOO_LARGE = "file-too-large";
    /// The file begins with a byte-order mark.
    BYTE_ORDER_MARK = "byte-order-mark";
    /// Lines end in CR LF.
    CRLF = "crlf";
    /// Nothing stands in the file.
    EMPTY_FILE = "empty-file";
    /// The file's name is no id.
    BAD_FILE_NAME = "bad-file-name";
    /// The file stands where nothing is read.
    STRAY_FILE = "stray-file";
    /// Two files have one id.
    DUPLICATE_CLAIM = "duplicate-claim";
    /// There is no claim file.
    NO_CLAIMS = "no-claims";
    /// Something is still to be written.
    TODO_LEFT = "todo-left";

    // Front matter.
    /// The front matter is not there or not closed.
    NO_FRONT_MATTER = "no-front-matter";
    /// The TOML cannot be read.
    BAD_TOML = "bad-toml";
    /// A field that nobody reads.
    UNKNOWN_FIELD = "unknown-field";
    /// A field that landed in the table above it.
    MISPLACED_FIELD = "misplaced-field";
    /// A field that must be there is not.
    MISSING_FIELD = "missing-field";
    /// A value of another type.
    WRONG_TYPE = "wrong-type";
    /// A string or list with nothing in it.
    EMPTY_VALUE = "empty-value";
    /// A word outside the list that a field allows, a number out of range, a span of time that cannot be read.
    BAD_VALUE = "bad-value";
    /// A day that the calendar does not have.
    BAD_DATE = "bad-date";

    // Phrasings, as written.
    /// Brackets that do not fit.
    BAD_PHRASING = "bad-phrasing";
    /// A phrasing that expands to too many.
    TOO_MANY_VARIANTS = "too-many-variants";
    /// A slot without its alias group.
    UNKNOWN_ALIAS = "unknown-alias";
    /// One name in two alias groups, or twice in one.
    DUPLICATE_ALIAS = "duplicate-alias";

    // The text of the response.
    /// A footnote that names no source.
    FOOTNOTE_WITHOUT_SOURCE = "footnote-without-source";
    /// A footnote that is defined in the text.
    FOOTNOTE_DEFINITION = "footnote-definition";
    /// A heading that is not one of the two.
    UNKNOWN_HEADING = "unknown-heading";
    /// Markdown that a reply cannot carry.
    UNSUPPORTED_MARKDOWN = "unsupported-markdown";
    /// A bare address, which Discord would link.
    BARE_ADDRESS = "bare-address";
    /// A character that nobody sees.
    INVISIBLE_CHARACTER = "invisible-character";
    /// Nothing is said before the first heading.
    SHORT_MISSING = "short-missing";
    /// What is posted is too long.
    SHORT_TOO_LONG = "short-too-long";
    /// What is posted cites too many sources.
    SHORT_TOO_MANY_SOURCES = "short-too-many-sources";
    /// What is posted cites nothing.
    SHORT_WITHOUT_SOURCE = "short-without-source";
    /// What is posted begins with the claim instead of the fact.
    SHORT_NOT_FACT_FIRST = "short-not-fact-first";
    /// What is posted says the claim more than once.
    SHORT_REPEATS_CLAIM = "short-repeats-claim";
    /// A part that is shown somewhere has no room there.
    SURFACE_TOO_LONG = "surface-too-long";
    /// Sentences that few people read to their end.
    HARD_TO_READ = "hard-to-read";
    /// Words that mock somebody.
    MOCKING_WORDS = "mocking-words";
    /// Words that say of a whole people what some of it did.
    GENERALISES = "generalises";
    /// Words in quotation marks that no quotation of the file has.
    UNREAD_WORDS = "unread-words";

    // Sources.
    /// Two sources of one key.
    DUPLICATE_SOURCE = "duplicate-source";
    /// A field names a source that is not there.
    UNKNOWN_SOURCE = "unknown-source";
    /// A source that nothing cites.
    SOURCE_NOT_CITED = "source-not-cited";
    /// An address that cannot be linked.
    BAD_ADDRESS = "bad-address";
    /// An address outside the allow list.
    HOST_NOT_ALLOWED = "host-not-allowed";
    /// A DOI or ISBN that cannot be right.
    BAD_NUMBER = "bad-number";
    /// A locator that names no place in a source.
    BAD_LOCATOR = "bad-locator";
    /// "False" that rests on too little.
    SOURCES_NOT_INDEPENDENT = "sources-not-independent";

    // quotes.lock.
    /// `quotes.lock` cannot be read.
    LOCK_UNREADABLE = "lock-unreadable";
    /// A quotation is not the one that was locked.
    QUOTE_CHANGED = "quote-changed";
    /// A quotation was never locked.
    QUOTE_NOT_LOCKED = "quote-not-locked";
    /// A locked quotation is gone.
    QUOTE_GONE = "quote-gone";

    // What the claim does.
    /// A contested question that only one side gets an answer to.
    ONE_SIDED = "one-sided";
    /// A claim names one that is not there.
    UNKNOWN_CLAIM = "unknown-claim";
    /// Dates in an impossible order.
    DATE_ORDER = "date-order";
    /// The review is overdue.
    REVIEW_DUE = "review-due";

    // Phrasings and near misses, as matched.
    /// A phrasing that asks.
    PHRASING_IS_QUESTION = "phrasing-is-question";
    /// A phrasing of too few words.
    PHRASING_TOO_SHORT = "phrasing-too-short";
    /// A phrasing written twice.
    PHRASING_DUPLICATE = "phrasing-duplicate";
    /// A phrasing that is not recognised.
    PHRASING_UNANSWERED = "phrasing-unanswered";
    /// A phrasing that is not read as an assertion.
    PHRASING_NOT_ASSERTED = "phrasing-not-asserted";
    /// A phrasing that finds another claim.
    PHRASING_FINDS_ANOTHER = "phrasing-finds-another";
    /// A near miss that is answered.
    NEAR_MISS_FIRES = "near-miss-fires";
    /// Near misses that are all of one kind.
    NEAR_MISSES_ALIKE = "near-misses-alike";

    // All claims together.
    /// Claims that are nearly all of one kind.
    UNBALANCED = "unbalanced";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;

    #[test]
    fn codes_are_kebab_case_and_unique() {
        let mut seen = BTreeSet::new();
        for code in ALL {
            let kebab = code.0.split('-').all(|part| {
                !part.is_empty()
                    && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            });
            assert!(kebab, "{}", code.0);
            assert!(seen.insert(code.0), "{} twice", code.0);
        }
    }
}
