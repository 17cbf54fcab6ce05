//! The text of a response as parsed blocks. Knows neither Markdown's syntax nor Discord's.

/// A run of text inside a block.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Inline {
    /// Plain words.
    Text(String),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Code.
    Code(String),
    /// A link with its text.
    Link {
        /// The address.
        url: String,
        /// What is shown.
        text: Vec<Inline>,
    },
    /// A reference to the source with this index in the claim's list.
    Cite(usize),
    /// A line break that the author wrote.
    Break,
}

/// A block of text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list; `ordered` has its first number.
    List {
        /// First number of an ordered list.
        ordered: Option<u64>,
        /// The items, each a run of text.
        items: Vec<Vec<Inline>>,
    },
    /// A quotation block.
    Quote(Vec<Inline>),
}

/// What we say about a claim.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Response {
    /// One to three sentences, fact first: what is posted.
    pub short: Vec<Block>,
    /// The section "Details".
    pub details: Vec<Block>,
    /// The section "What is disputed".
    pub disputed: Vec<Block>,
}

/// The words of some runs without any marks; citations leave nothing.
pub fn plain(inlines: &[Inline]) -> String {
    let mut out = String::new();
    push_plain(inlines, &mut out);
    out
}

/// The words of some blocks without any marks, one block a line.
pub fn plain_blocks(blocks: &[Block]) -> String {
    let mut lines = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(inlines) | Block::Quote(inlines) => lines.push(plain(inlines)),
            Block::List { items, .. } => lines.extend(items.iter().map(|item| plain(item))),
        }
    }
    lines.join("\n")
}

/// The indices of the sources that some blocks cite, in the order of their first citation.
pub fn citations(blocks: &[Block]) -> Vec<usize> {
    let mut found = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(inlines) | Block::Quote(inlines) => {
                push_citations(inlines, &mut found);
            }
            Block::List { items, .. } => {
                for item in items {
                    push_citations(item, &mut found);
                }
            }
        }
    }
    found
}

fn push_plain(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Emphasis(inner) | Inline::Strong(inner) => push_plain(inner, out),
            Inline::Link { text, .. } => push_plain(text, out),
            Inline::Cite(_) => {}
            Inline::Break => out.push(' '),
        }
    }
}

fn push_citations(inlines: &[Inline], found: &mut Vec<usize>) {
    for inline in inlines {
        match inline {
            Inline::Cite(source) if !found.contains(source) => found.push(*source),
            Inline::Emphasis(inner) | Inline::Strong(inner) => push_citations(inner, found),
            Inline::Link { text, .. } => push_citations(text, found),
            Inline::Cite(_) | Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
        }
    }
}
