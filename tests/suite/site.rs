//! `footnote site` by running it: what the folder holds, what it never touches, and that a reply leads there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const URL: &str = "https://example.org/claims";

/// How a run ended, what it printed, and what it said on stderr.
pub(crate) struct Ran {
    code: Option<i32>,
    said: String,
    complaint: String,
}

/// A folder with a published claim, a draft, and one that was withdrawn.
pub(crate) fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/draft");
    let path = folder.path().join("responses/old-lakes");
    fs::create_dir_all(&path).unwrap();
    for list in ["aliases.toml", "hosts.toml"] {
        fs::copy(case.join(list), folder.path().join("responses").join(list)).unwrap();
    }
    let claim = fs::read_to_string(case.join("example/lake-froze.md")).unwrap();
    let claim = claim.replace("  \"it was there and that is that\",\n", "");
    let published = claim.replace("status = \"draft\"\n", "").replace(
        "[[source]]\nkey = \"diary\"",
        "[[correction]]\ndate = 2026-03-04\nwhat = \"The night was in May <b>.\"\nwhy = \"A misreading\"\n\n\
         [[source]]\nkey = \"diary\"",
    );
    let other = |status: &str| {
        published
            .replace("Lake Ulmen froze", "Lake Erlen froze")
            .replace("{ulmen}", "lake erlen")
            .replace("ulmen", "erlen")
            .replace("action = \"reply\"", &format!("action = \"reply\"\nstatus = \"{status}\""))
    };
    fs::write(path.join("lake-froze.md"), &published).unwrap();
    fs::write(path.join("unfinished.md"), other("draft").replace("reply\"", "reply\" ")).unwrap();
    fs::write(path.join("taken-back.md"), other("retired").replace("1702", "1703")).unwrap();
    let locked = Command::new(env!("CARGO_BIN_EXE_footnote"))
        .arg("lock")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(locked.status.success(), "{locked:?}");
    folder
}

pub(crate) fn site(folder: &Path, arguments: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_footnote"))
        .arg("site")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    Ran {
        code: output.status.code(),
        said: String::from_utf8(output.stdout).unwrap(),
        complaint: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Every file below a folder, by its path.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(tree(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

/// What stands between each `open` and the next `close`.
pub(crate) fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    text.split(open).skip(1).map(|rest| rest.split(close).next().unwrap()).collect()
}

fn text(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).unwrap()
}

fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part}\n{page}");
    }
}

#[test]
fn a_claim_has_a_page_with_all_that_it_rests_on() {
    let folder = folder();
    let ran = site(folder.path(), &["out", "--url", "https://example.org/claims/"]);
    assert_eq!(ran.code, Some(0), "{}", ran.complaint);
    assert_eq!(ran.said, "out: 9 files, 1 claims, 1 withdrawn; drafts left out: 1\n");
    assert_eq!(ran.complaint, "");
    let page = text(&folder, "out/claims/lake-froze.html");
    has(
        &page,
        &[
            "<title>Claim: Lake Ulmen froze over in the summer of 1702. · footnote</title>",
            "<strong>The record gives a different picture</strong>",
            "A thin sheet of ice is recorded for one night in spring. ",
            "Those who study the record agree.",
            "The diary tells of ice in one night of spring.<sup><a href=\"#source-1\"",
            "<h2>Details</h2><p>An example, and no history.",
            "<li id=\"source-1\"><p>Invented Author, <a href=\"https://example.org/diary\" rel=\"noreferrer\">",
            "<blockquote>This night the lake bore a thin skin of ice.</blockquote>\
             <figcaption>read in an excerpt of a public copy</figcaption>",
            "secondary source; named only, no words are quoted from it",
            "<strong>Corrected 2026-03-04:</strong> The night was in May &lt;b&gt;.",
            "<li>2026-03-04: The night was in May &lt;b&gt;. (A misreading)</li>",
            "<link rel=\"canonical\" href=\"https://example.org/claims/claims/lake-froze.html\">",
        ],
    );
    assert!(!page.contains("What is disputed"), "{page}");
    assert!(!page.contains("<b>"), "{page}");
    let index = text(&folder, "out/index.html");
    has(
        &index,
        &[
            "<h2>Old lakes</h2>",
            "<a href=\"claims/lake-froze.html\">Lake Ulmen froze over in the summer of 1702.</a>",
            "<p role=\"status\" id=\"found\">1 claim</p>",
            // The words of the phrasings can be searched for.
            "data-words=\"1702 a examples for froze ice ",
        ],
    );
    assert!(!folder.path().join("out/claims/unfinished.html").exists());
    has(
        &text(&folder, "out/method.html"),
        &["Of 1 quotations 1 were read in an excerpt", "No person has yet compared any of them"],
    );
}

#[test]
fn what_was_withdrawn_keeps_its_page_and_says_nothing_else() {
    let folder = folder();
    site(folder.path(), &["out", "--url", URL]);
    let page = text(&folder, "out/claims/taken-back.html");
    has(
        &page,
        &[
            "This response was withdrawn. Nothing of it is upheld.",
            "<li>2026-03-04: The night was in May &lt;b&gt;. (A misreading)</li>",
            "<meta name=\"robots\" content=\"noindex\">",
        ],
    );
    for upheld in ["ClaimReview", "different picture", "tells of ice", "thin sheet", "Sources"] {
        assert!(!page.contains(upheld), "{upheld}: {page}");
    }
    has(&text(&folder, "out/index.html"), &["<h2>Withdrawn</h2>", "claims/taken-back.html"]);
    has(
        &text(&folder, "out/feed.xml"),
        &["<title>Withdrawn: Lake Erlen froze over in the summer of 1703.</title>"],
    );
    assert!(!text(&folder, "out/sitemap.xml").contains("taken-back"));
}

#[test]
fn nothing_is_asked_of_anybody_else_and_nothing_is_inline() {
    let folder = folder();
    site(folder.path(), &["out", "--url", URL]);
    for (path, bytes) in tree(&folder.path().join("out")) {
        let page = String::from_utf8(bytes).unwrap();
        let name = path.display();
        for asked in between(&page, "src=\"", "\"") {
            assert!(!asked.contains("//"), "{name}: {asked}");
        }
        for sheet in between(&page, "<link rel=\"stylesheet\" href=\"", "\"") {
            assert!(!sheet.contains("//"), "{name}: {sheet}");
        }
        for inline in [" style=", " onclick=", "<style", "javascript:", "url(", "@import", "fetch("]
        {
            assert!(!page.contains(inline), "{name}: {inline}");
        }
        if path.extension().is_some_and(|ending| ending == "html") {
            let policy = "content=\"default-src &#39;none&#39;; style-src &#39;self&#39;; \
                          script-src &#39;self&#39;; form-action &#39;none&#39;; base-uri &#39;none&#39;\"";
            assert!(page.contains(policy), "{name}: {page}");
            // A script that is not asked for by its address is data.
            for script in between(&page, "<script", ">") {
                let is_data = script == " type=\"application/ld+json\"";
                assert!(is_data || script == " src=\"search.js\" defer=\"\"", "{name}: {script}");
            }
        }
    }
}

#[test]
fn the_same_claims_give_the_same_bytes_and_take_the_place_of_the_old_ones() {
    let folder = folder();
    site(folder.path(), &["one", "--url", URL]);
    site(folder.path(), &["two", "--url", URL]);
    let names = |tree: BTreeMap<PathBuf, Vec<u8>>, below: &str| -> BTreeMap<PathBuf, Vec<u8>> {
        let below = folder.path().join(below);
        tree.into_iter()
            .map(|(path, bytes)| (path.strip_prefix(&below).unwrap().to_owned(), bytes))
            .collect()
    };
    let one = names(tree(&folder.path().join("one")), "one");
    assert_eq!(one, names(tree(&folder.path().join("two")), "two"));
    // Without an address there is no feed: the older one does not stay.
    let ran = site(folder.path(), &["two"]);
    assert_eq!(ran.code, Some(0), "{}", ran.complaint);
    has(&ran.complaint, &["feed, sitemap and canonical addresses are left out", "site_url"]);
    let two = names(tree(&folder.path().join("two")), "two");
    assert_eq!(one.len(), two.len() + 2);
    assert!(
        !two.contains_key(Path::new("feed.xml")) && !two.contains_key(Path::new("sitemap.xml"))
    );
    assert!(!String::from_utf8_lossy(&two[Path::new("index.html")]).contains("canonical"));
    let left: BTreeSet<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["one", "responses", "two"].map(Into::into).into(), "nothing stays beside it");
}

#[test]
fn a_folder_that_is_not_ours_is_never_touched() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("photos")).unwrap();
    fs::write(path("photos/us.jpg"), "us").unwrap();
    fs::write(path("file"), "text").unwrap();
    fs::create_dir(path("empty")).unwrap();
    site(folder.path(), &["site"]);
    let before = tree(folder.path());
    for (out, says) in [
        ("photos", "`photos` is not empty, and this command did not write it"),
        (".", "is not empty, and this command did not write it"),
        ("file", "is a file: give a folder"),
    ] {
        let ran = site(folder.path(), &[out]);
        assert_eq!(ran.code, Some(2), "{out}");
        let complaint = ran.complaint.replace(&format!("{}/", folder.path().display()), "");
        has(&complaint, &[says]);
        assert_eq!(tree(folder.path()), before, "{out}");
    }
    // Neither is a file that somebody put among ours.
    fs::write(path("site/CNAME"), "example.org").unwrap();
    let before = tree(folder.path());
    let ran = site(folder.path(), &["site"]);
    assert_eq!(ran.code, Some(2));
    has(&ran.complaint, &["`CNAME` in it is not from this command: nothing was touched"]);
    assert_eq!(tree(folder.path()), before);
    assert_eq!(site(folder.path(), &["empty"]).code, Some(0));
    assert_eq!(site(folder.path(), &["deep/in/here"]).code, Some(0));
    assert!(path("deep/in/here/index.html").exists());
}

#[test]
fn an_error_in_a_file_leaves_the_site_that_stands() {
    let folder = folder();
    site(folder.path(), &["out"]);
    let before = tree(&folder.path().join("out"));
    let draft = folder.path().join("responses/old-lakes/unfinished.md");
    let whole = fs::read_to_string(&draft).unwrap();
    fs::write(&draft, whole.replace("This night", "That night")).unwrap();
    assert_eq!(site(folder.path(), &["out"]).code, Some(0), "a draft has no page to lose");
    let path = folder.path().join("responses/old-lakes/lake-froze.md");
    let whole = fs::read_to_string(&path).unwrap();
    for broken in [
        whole.replace("evidence = \"consensus\"\n", ""),
        // A quotation that nobody locked may be misquoted.
        whole.replace("This night", "That night"),
    ] {
        fs::write(&path, broken).unwrap();
        let ran = site(folder.path(), &["out"]);
        assert_eq!(ran.code, Some(1), "{}", ran.complaint);
        has(&ran.complaint, &["nothing was written", "responses/old-lakes/lake-froze.md"]);
        assert_eq!(tree(&folder.path().join("out")), before);
    }
}

#[test]
fn the_address_comes_from_the_flag_or_the_settings_and_is_looked_at() {
    let folder = folder();
    let settings = format!("[responses]\nsite_url = \"{URL}/\"\n");
    fs::write(folder.path().join("config.toml"), settings).unwrap();
    assert_eq!(site(folder.path(), &["out"]).complaint, "");
    has(&text(&folder, "out/robots.txt"), &["Sitemap: https://example.org/claims/sitemap.xml\n"]);
    site(folder.path(), &["out", "--url", "http://other.example", "--name", "The <Lake> club"]);
    has(
        &text(&folder, "out/feed.xml"),
        &["<title>The &lt;Lake&gt; club</title>", "<id>http://other.example/</id>"],
    );
    for bad in ["example.org", "ftp://example.org", "https://", "https://a.b/?c", "https://a b"] {
        let ran = site(folder.path(), &["out", "--url", bad]);
        assert_eq!(ran.code, Some(2), "{bad}");
        has(&ran.complaint, &["expected an address as \"https://example.org/claims\""]);
    }
}

/// Whether each element is closed in its order; all that our XML has are elements and text.
fn is_well_formed(xml: &str) -> bool {
    let mut open = Vec::new();
    let Some(xml) = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n") else {
        return false;
    };
    for tag in between(xml, "<", ">") {
        match tag.strip_prefix('/') {
            Some(name) if open.pop() != Some(name) => return false,
            Some(_) => {}
            None => open.push(tag.split(' ').next().unwrap()),
        }
    }
    open.is_empty()
}

#[test]
fn feed_and_sitemap_have_every_claim_that_stands_with_its_own_days() {
    let folder = folder();
    site(folder.path(), &["out", "--url", URL]);
    let feed = text(&folder, "out/feed.xml");
    assert!(is_well_formed(&feed) && !is_well_formed(&feed.replace("</entry>", "")), "{feed}");
    has(
        &feed,
        &[
            "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">",
            "<link rel=\"self\" href=\"https://example.org/claims/feed.xml\">",
            "<id>https://example.org/claims/claims/lake-froze.html</id>",
            "<published>2026-01-10T00:00:00Z</published><updated>2026-03-04T00:00:00Z</updated>",
            "<summary>Corrected 2026-03-04: The night was in May &lt;b&gt;. The record gives",
        ],
    );
    let sitemap = text(&folder, "out/sitemap.xml");
    assert!(is_well_formed(&sitemap), "{sitemap}");
    let page =
        "<loc>https://example.org/claims/claims/lake-froze.html</loc><lastmod>2026-03-04</lastmod>";
    has(&sitemap, &[page]);
}

/// The shipped claims as a site.
pub(crate) fn shipped() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("site");
    let ran = site(Path::new(env!("CARGO_MANIFEST_DIR")), &[out.to_str().unwrap(), "--url", URL]);
    assert_eq!(ran.code, Some(0), "{}", ran.complaint);
    (folder, out)
}

#[test]
fn every_relative_link_of_the_shipped_claims_leads_somewhere() {
    let (_folder, out) = shipped();
    let mut seen = 0;
    for (path, bytes) in tree(&out) {
        if path.extension().is_none_or(|ending| ending != "html") {
            continue;
        }
        let page = String::from_utf8(bytes).unwrap();
        for target in between(&page, "href=\"", "\"") {
            if target.contains("://") {
                continue;
            }
            seen += 1;
            match target.strip_prefix('#') {
                Some(anchor) => {
                    let id = format!("id=\"{anchor}\"");
                    assert!(page.contains(&id), "{}: {target}", path.display());
                }
                None => assert!(
                    path.parent().unwrap().join(target).is_file(),
                    "{}: {target}",
                    path.display()
                ),
            }
        }
        assert!(!page.contains("href=\"/"), "{}: not from the root", path.display());
    }
    assert!(seen > 500, "{seen} links were found");
}
