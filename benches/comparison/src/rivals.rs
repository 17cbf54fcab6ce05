//! The ways of others: tantivy's BM25 and rapidfuzz's batch comparison. Knows nothing of footnote.

use std::error::Error;

use rapidfuzz::distance::damerau_levenshtein::{Args, BatchComparator};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Schema, TEXT, Field};
use tantivy::tokenizer::TokenStream as _;
use tantivy::{Index, Searcher, TantivyDocument, Term};

/// Whether any phrasing is alike, by the batch comparison with its cut-off.
pub fn rapidfuzz(message: &str, phrasings: &[String], good: f64) -> bool {
    let message = message.to_lowercase();
    let comparator = BatchComparator::new(message.chars());
    let args = Args::default().score_cutoff(good);
    phrasings
        .iter()
        .filter(|phrasing| {
            comparator.normalized_similarity_with_args(phrasing.chars(), &args).is_some()
        })
        .count()
        > 0
}

/// An index in memory with one thread and one segment.
pub struct Bm25 {
    index: Index,
    searcher: Searcher,
    field: Field,
}

impl Bm25 {
    /// Indexes the phrasings, one document each.
    pub fn build(phrasings: &[String]) -> Result<Self, Box<dyn Error>> {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("phrasing", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 200_000_000)?;
        for phrasing in phrasings {
            let mut document = TantivyDocument::new();
            document.add_text(field, phrasing);
            writer.add_document(document)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        let searcher = index.reader()?.searcher();
        Ok(Self { index, searcher, field })
    }

    /// The score of the best phrasing for a message: any of its words may meet.
    pub fn best(&self, message: &str) -> f32 {
        let Ok(mut tokenizer) = self.index.tokenizer_for_field(self.field) else { return 0.0 };
        let mut stream = tokenizer.token_stream(message);
        let mut words: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        while stream.advance() {
            let term = Term::from_field_text(self.field, &stream.token().text);
            words.push((Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))));
        }
        let best = self.searcher.search(&BooleanQuery::new(words), &TopDocs::with_limit(1));
        best.ok().and_then(|best| best.first().map(|(score, _)| *score)).unwrap_or(0.0)
    }
}
