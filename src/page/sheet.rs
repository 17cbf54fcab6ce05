//! The pages of a preview: all claims, one claim, and what would be done about a message. Knows neither where claims come from nor who looks.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::model::claim::Claim;
use crate::model::explanation::Candidate;
use crate::page::chat::{link_button, markdown};
use crate::page::frame::{self, Frame};
use crate::page::html::Html;
use crate::reply::compact::compact;
use crate::reply::link;
use crate::reply::page::pages;

/// Something wrong in a file, as a reader sees it.
#[derive(Debug, Clone)]
pub struct Fault {
    /// `path:line`.
    pub place: String,
    /// What is wrong and the way out.
    pub words: String,
}

/// How a channel is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// In the dark theme.
    pub dark: bool,
    /// As wide as a telephone.
    pub phone: bool,
}

/// All claims of which `query` names something.
pub fn list(claims: &[&Claim], query: &str, faults: &[Fault], version: u64) -> String {
    page("Claims", version, |html| {
        html.element("form", &[("action", "/"), ("role", "search")], |html| {
            field("q", "Search the claims", query, html);
            html.words("button", &[], "Search");
        });
        shown(faults, html);
        let found: Vec<_> = claims.iter().filter(|claim| is_about(claim, query)).collect();
        html.words("p", &[("role", "status")], &format!("Claims found: {}", found.len()));
        html.element("table", &[], |html| {
            html.element("tr", &[], |html| {
                for head in ["Claim", "Verdict", "Action", "Status"] {
                    html.words("th", &[("scope", "col")], head);
                }
            });
            for claim in found {
                html.element("tr", &[], |html| {
                    html.element("td", &[], |html| {
                        let to = format!("/claim/{}", claim.id);
                        html.words("a", &[("href", &to)], &claim.claim);
                    });
                    let words = [claim.verdict.word(), claim.action.word(), claim.status.word()];
                    for word in words {
                        html.words("td", &[], word);
                    }
                });
            }
        });
    })
}

fn is_about(claim: &Claim, query: &str) -> bool {
    let all = format!("{} {} {} {}", claim.id, claim.claim, claim.pack, claim.topics.join(" "));
    let all = all.to_lowercase();
    query.to_lowercase().split_whitespace().all(|word| all.contains(word))
}

/// One claim: its reply as a channel shows it, and what stands behind the buttons. Where there is a
/// `site`, whose address has no slash at its end, a button leads to its page there.
pub fn one(
    claim: &Claim,
    site: Option<&str>,
    look: Look,
    faults: &[Fault],
    version: u64,
) -> String {
    page(&claim.claim, version, |html| {
        shown(faults, html);
        html.element("p", &[], |html| {
            for (dark, phone, label) in [
                (true, false, "Dark, desktop"),
                (true, true, "Dark, phone"),
                (false, false, "Light, desktop"),
                (false, true, "Light, phone"),
            ] {
                let to = format!("?dark={}&phone={}", u8::from(dark), u8::from(phone));
                let current = if look == (Look { dark, phone }) { "true" } else { "false" };
                let attributes =
                    [("class", "look"), ("href", to.as_str()), ("aria-current", current)];
                html.words("a", &attributes, label).text(" ");
            }
        });
        channel(claim, site, look, html);
    })
}

fn channel(claim: &Claim, site: Option<&str>, look: Look, html: &mut Html) {
    let theme = if look.dark { "dark" } else { "light" };
    let width = if look.phone { "phone" } else { "desktop" };
    html.element(
        "section",
        &[("class", &format!("channel {theme} {width}")), ("aria-label", "Reply")],
        |html| {
            html.element("span", &[("class", "avatar")], |_| {});
            html.element("p", &[("class", "head")], |html| {
                html.words("span", &[("class", "name")], "footnote");
                html.words("span", &[("class", "app")], "APP");
            });
            let reply = compact(claim);
            markdown(&reply.content, html);
            html.element("div", &[("class", "buttons")], |html| {
                for button in &reply.buttons {
                    let behind = pages(claim, button.kind);
                    html.element("details", &[], |html| {
                        html.words("summary", &[], button.label);
                        if behind.is_empty() {
                            html.words("div", &[], "Takes the reply away.");
                        }
                        for page in behind {
                            html.element("div", &[], |html| markdown(&page, html));
                        }
                    });
                }
                if let Some(site) = site {
                    link_button(link::LABEL, &link::address(site, &claim.id), html);
                }
            });
        },
    );
}

/// What would be done about a message: its words with those that matched, the reasons, and the reply,
/// drawn as [`one`] draws it.
pub fn trial(
    message: &str,
    found: Option<(&Candidate, &Claim)>,
    site: Option<&str>,
    why: &str,
    answered: bool,
    version: u64,
) -> String {
    page("What would be done", version, |html| {
        message_box(message, html);
        html.element("p", &[("class", "said")], |html| {
            let pairs = found.map_or(Vec::new(), |(found, _)| {
                found.explanation.pairs.iter().map(|pair| pair.message.clone()).collect()
            });
            marked(message, &pairs, html);
        });
        html.element("div", &[("role", "status")], |html| {
            for line in why.lines() {
                html.words("p", &[], line);
            }
        });
        if let Some((_, claim)) = found {
            html.element("p", &[], |html| {
                html.words("a", &[("href", &format!("/claim/{}", claim.id))], &claim.claim);
            });
            if answered {
                channel(claim, site, Look { dark: true, phone: false }, html);
            }
        }
    })
}

/// The message with what matched marked; places that are none in it are left out.
fn marked(message: &str, places: &[Range<usize>], html: &mut Html) {
    let mut cuts: BTreeSet<usize> = places.iter().flat_map(|at| [at.start, at.end]).collect();
    cuts.extend([0, message.len()]);
    cuts.retain(|at| message.is_char_boundary(*at));
    let cuts: Vec<usize> = cuts.into_iter().collect();
    for (start, end) in cuts.iter().zip(cuts.iter().skip(1)) {
        let words = message.get(*start..*end).unwrap_or("");
        if places.iter().any(|at| at.start <= *start && *end <= at.end) {
            html.words("mark", &[], words);
        } else {
            html.text(words);
        }
    }
}

/// A page that says that there is nothing of this name.
pub fn nothing(version: u64) -> String {
    page("There is no such claim", version, |html| {
        html.words(
            "p",
            &[],
            "It was renamed, or its file cannot be read: the list says what is wrong.",
        );
    })
}

fn shown(faults: &[Fault], html: &mut Html) {
    if faults.is_empty() {
        return;
    }
    html.element("section", &[("class", "found"), ("aria-label", "Findings")], |html| {
        html.words("h2", &[], "What check says");
        html.element("ul", &[], |html| {
            for fault in faults {
                html.element("li", &[], |html| {
                    html.words("code", &[], &fault.place).text(" ").text(&fault.words);
                });
            }
        });
    });
}

fn message_box(message: &str, html: &mut Html) {
    html.element("form", &[("action", "/try")], |html| {
        field("message", "Try a message", message, html);
        html.words("button", &[], "Try it");
    });
}

fn field(name: &str, label: &str, value: &str, html: &mut Html) {
    html.element("label", &[], |html| {
        html.text(label);
        html.open("input", &[("name", name), ("value", value), ("autocomplete", "off")]);
    });
}

/// The ways to the pages of a preview.
const WAYS: [(&str, &str); 2] = [("/", "All claims"), ("/try", "Try a message")];

/// A page that says which version of the files it shows, so that it learns of the next one, whenever
/// that came.
fn page(title: &str, version: u64, inside: impl FnOnce(&mut Html)) -> String {
    let (style, script) = ("/style.css", Some("/script.js"));
    let frame = Frame { title, name: "footnote", style, script, ways: &WAYS };
    let head = |html: &mut Html| {
        html.open("meta", &[("name", "version"), ("content", &version.to_string())]);
    };
    frame::page(frame, head, inside)
}
