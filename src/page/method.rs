//! The page that says what the words of the others mean, and how far the quotations can be trusted. Knows no single claim.

use crate::model::claim::{Evidence, Verdict};
use crate::model::source::{Checked, SourceKind};
use crate::page::html::Html;
use crate::page::review::{BEST, WORST, rating};
use crate::page::site::Site;
use crate::reply::words;

/// The page.
pub fn page(site: &Site<'_>) -> String {
    site.page(
        "method.html",
        "How to read this",
        |_| {},
        |html| {
            html.words(
            "p",
            &[],
            "Each page is about one thing that people say, with one condition under which it would \
             be true. It says what the record shows, what is disputed, and on which words of which \
             sources that rests. It is about the claim, never about those who make it.",
        );
            html.words("h2", &[], "Verdicts");
            let scale = format!("{WORST} to {BEST}");
            table(
                ["What a page says", &format!("Rating for search engines, {scale}")],
                html,
                |html| {
                    for verdict in Verdict::ALL {
                        row([words::verdict(verdict), &rating(verdict).to_string()], html);
                    }
                },
            );
            html.words(
            "p",
            &[],
            "The rating is a crude translation for programs that want a number; its middle also \
             stands for what the record leaves open.",
        );
            html.words("h2", &[], "The state of scholarship");
            html.element("ul", &[], |html| {
                for evidence in Evidence::ALL {
                    html.words("li", &[], words::evidence(evidence));
                }
            });
            html.words("h2", &[], "Sources and quotations");
            html.words("p", &[], &quotations(site));
            html.element("ul", &[], |html| {
                for (kind, what) in [
                    (SourceKind::Primary, "made at the time by those who took part"),
                    (SourceKind::Secondary, "a study of primary sources"),
                    (SourceKind::Tertiary, "a digest of studies"),
                ] {
                    html.words("li", &[], &format!("{}: {what}", words::source_kind(kind)));
                }
            });
            html.words("h2", &[], "Corrections");
            html.words(
                "p",
                &[],
                "A page that was corrected says so at its head, with the day. A response that was \
             withdrawn keeps its page, so that links to it lead to the notice.",
            );
        },
    )
}

/// How the quotations were read, in numbers.
fn quotations(site: &Site<'_>) -> String {
    let sources = site.published().flat_map(|claim| &claim.sources);
    let (mut excerpt, mut whole, mut compared) = (0_usize, 0_usize, 0_usize);
    for source in sources {
        for quote in &source.quotes {
            match quote.checked {
                Checked::ExcerptRead => excerpt += 1,
                Checked::PageRead => whole += 1,
            }
            compared += usize::from(source.checked_by.is_some());
        }
    }
    let by_people = match compared {
        0 => "No person has yet compared any of them with the original.".to_owned(),
        some => format!("A person compared {some} of them with the original."),
    };
    format!(
        "Of {} quotations {excerpt} were {}, and {whole} {}. {by_people} Below each quotation \
         stands how it was read.",
        excerpt + whole,
        words::checked(Checked::ExcerptRead),
        words::checked(Checked::PageRead),
    )
}

fn table(heads: [&str; 2], html: &mut Html, rows: impl FnOnce(&mut Html)) {
    html.element("table", &[], |html| {
        html.element("tr", &[], |html| {
            for head in heads {
                html.words("th", &[("scope", "col")], head);
            }
        });
        rows(html);
    });
}

fn row(cells: [&str; 2], html: &mut Html) {
    html.element("tr", &[], |html| {
        for cell in cells {
            html.words("td", &[], cell);
        }
    });
}
