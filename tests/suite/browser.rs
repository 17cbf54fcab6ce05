//! Preview and site in a headless Chromium: typing, reload on change, search, light and dark, on a telephone, and for those who do not see them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::Value;

use crate::preview::Preview;
use crate::site::shipped;
use crate::support::browser::{Eyes, asked, look, picture};
use crate::support::fake::RUNTIME;

const LIGHT: Eyes = Eyes { dark: false, phone: false, scripts: true };

/// Serves a folder as any web server does; its address.
fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(file).with_state(folder);
    RUNTIME.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        axum::serve(listener, router).await.unwrap();
    });
    format!("http://{address}")
}

async fn file(State(folder): State<PathBuf>, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let path = folder.join(if path.is_empty() { "index.html" } else { path });
    let kind = match path.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        _ => "application/xml",
    };
    match fs::read(path) {
        Ok(bytes) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn text_of(client: &Client, selector: &str) -> String {
    client.find(Locator::Css(selector)).await.unwrap().text().await.unwrap()
}

async fn number(client: &Client, script: &str) -> u64 {
    client.execute(&format!("return {script}"), Vec::new()).await.unwrap().as_u64().unwrap()
}

async fn words(client: &Client, script: &str) -> String {
    let found = client.execute(&format!("return {script}"), Vec::new()).await.unwrap();
    found.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_into_preview_is_judged_and_searched() {
    let preview = Preview::start();
    look(LIGHT, async |client| {
        let page = |path: &str| format!("http://{}{path}", preview.address());
        client.goto(&page("/try")).await.unwrap();
        let field = client.find(Locator::Css("input[name=message]")).await.unwrap();
        let message = "well lake ulmen froze over in the summer of 1702";
        field.send_keys(message).await.unwrap();
        field.send_keys(&Key::Enter.to_string()).await.unwrap();
        client.wait().for_element(Locator::Css("mark")).await.unwrap();
        assert!(text_of(&client, "[role=status]").await.contains("Answered in the channel"));
        assert!(
            text_of(&client, ".channel").await.contains("The record gives a different picture")
        );
        let field = client.find(Locator::Css("input[name=message]")).await.unwrap();
        assert_eq!(field.prop("value").await.unwrap().unwrap(), message, "it can be gone on with");
        picture(&client, "preview-try-light").await;

        client.goto(&page("/")).await.unwrap();
        let field = client.find(Locator::Css("input[name=q]")).await.unwrap();
        field.send_keys("rivers").await.unwrap();
        field.send_keys(&Key::Enter.to_string()).await.unwrap();
        let none = Locator::XPath("//*[text()='Claims found: 0']");
        client.wait().for_element(none).await.unwrap();
        let home = page("/");
        assert!(asked(&client).await.iter().all(|address| address.starts_with(&home)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_preview_renews_itself_when_the_file_changes() {
    let preview = Preview::start();
    look(LIGHT, async |client| {
        client.goto(&format!("http://{}/claim/lake-froze", preview.address())).await.unwrap();
        client.wait().for_element(Locator::Css("html[data-listening]")).await.unwrap();
        let whole = fs::read_to_string(preview.claim()).unwrap();
        fs::write(preview.claim(), whole.replace("The diary tells", "The journal tells")).unwrap();
        let new = Locator::XPath("//section[contains(., 'The journal tells')]");
        client.wait().for_element(new).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn preview_fits_each_screen_and_each_theme() {
    let preview = Preview::with_site();
    for eyes in Eyes::ALL {
        look(eyes, async |client| {
            for path in ["/", "/claim/lake-froze", "/claim/lake-froze?dark=0&phone=1", "/try"] {
                client.goto(&format!("http://{}{path}", preview.address())).await.unwrap();
                fits(&client, eyes, path).await;
                let name = path.replace(['/', '?', '&', '='], "-");
                picture(&client, &format!("preview{name}-{}", eyes.name())).await;
            }
            // The drawing is as wide as a telephone where it is to show one, and no wider.
            client
                .goto(&format!("http://{}/claim/lake-froze?phone=1", preview.address()))
                .await
                .unwrap();
            let width =
                "Math.round(document.querySelector('.channel').getBoundingClientRect().width)";
            assert!(number(&client, width).await <= 390);
        })
        .await;
    }
}

/// What docs/layout.md says of the drawing is what the browser says of it, and where Discord's measure
/// is another it says why.
#[tokio::test(flavor = "multi_thread")]
async fn the_drawing_has_the_measures_that_are_written_down() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/layout.md");
    let text = fs::read_to_string(path).unwrap();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split('|').map(|cell| cell.trim().trim_matches('`')).collect())
        .filter(|cells: &Vec<_>| {
            cells.get(2).is_some_and(|selector| selector.starts_with(".channel"))
        })
        .collect();
    assert!(rows.len() > 60, "{}", rows.len());
    for row in &rows {
        let [_, what, _, property, drawn, discord, why, _] = row[..] else { panic!("{row:?}") };
        assert_eq!(drawn == discord, why.is_empty(), "{what}, {property}: {discord}: {why}");
    }
    let preview = Preview::with_site();
    look(LIGHT, async |client| {
        for look in ["dark=1&phone=0", "dark=0&phone=1"] {
            let page = format!("http://{}/claim/lake-froze?{look}", preview.address());
            client.goto(&page).await.unwrap();
            // The buttons of a reply stand side by side.
            let tops = "new Set([...document.querySelectorAll('.channel summary, .channel .buttons > a')].map(one => one.offsetTop)).size";
            let expected = if look.contains("phone=1") { 2..=3 } else { 1..=1 };
            assert!(expected.contains(&number(&client, tops).await), "{look}");
            // What is folded in has measures too.
            let open = "document.querySelectorAll('details').forEach(one => one.open = true)";
            client.execute(open, Vec::new()).await.unwrap();
            for row in &rows {
                let [_, what, selector, property, drawn, ..] = row[..] else { panic!("{row:?}") };
                let is_here = !(look.contains("dark=1") && selector.contains(".light")
                    || look.contains("dark=0") && selector.contains(".dark")
                    || look.contains("phone=0") && selector.contains(".phone")
                    || look.contains("phone=1") && selector.contains(".desktop"));
                if is_here {
                    let (element, part) = match selector.split_once("::") {
                        Some((element, part)) => (element, format!("'::{part}'")),
                        None => (selector, "null".to_owned()),
                    };
                    let script = format!(
                        "getComputedStyle(document.querySelector('{element}'), {part}).getPropertyValue('{property}')"
                    );
                    assert_eq!(words(&client, &script).await, drawn, "{what}, {property}: {look}");
                }
            }
        }
    })
    .await;
}

/// A way out that everybody finds, and that is not taken before somebody takes it.
#[tokio::test(flavor = "multi_thread")]
async fn the_fourth_button_is_a_link_for_all_and_asks_nobody_by_itself() {
    let preview = Preview::with_site();
    look(LIGHT, async |client| {
        let home = format!("http://{}/", preview.address());
        client.goto(&format!("{home}claim/lake-froze")).await.unwrap();
        let button = client.find(Locator::Css(".channel .buttons > a")).await.unwrap();
        // As the browser tells it to a screen reader, and the mark is drawn.
        assert_eq!(button.text().await.unwrap(), "Open as a page");
        let mark =
            "Math.round(document.querySelector('.buttons svg').getBoundingClientRect().width)";
        assert_eq!(number(&client, mark).await, 16);
        // The keyboard comes to it behind the three that unfold.
        let third = "[...document.querySelectorAll('summary')].at(-1).focus()";
        client.execute(third, Vec::new()).await.unwrap();
        client.active_element().await.unwrap().send_keys(&Key::Tab.to_string()).await.unwrap();
        let focused = client.active_element().await.unwrap();
        let to = "https://example.org/claims/claims/lake-froze.html";
        assert_eq!(focused.attr("href").await.unwrap().as_deref(), Some(to));
        let asked = asked(&client).await;
        assert!(!asked.is_empty(), "at least the style sheet");
        assert!(asked.iter().all(|address| address.starts_with(&home)), "{asked:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_site_fits_each_screen_and_each_theme_and_asks_nobody() {
    let (_folder, out) = shipped();
    let home = serve(out);
    for eyes in Eyes::ALL {
        look(eyes, async |client| {
            for path in ["/", "/claims/ussr-agreed-to-join-axis.html", "/method.html"] {
                client.goto(&format!("{home}{path}")).await.unwrap();
                fits(&client, eyes, path).await;
                let asked = asked(&client).await;
                assert!(!asked.is_empty(), "{path}: at least the style sheet");
                assert!(asked.iter().all(|address| address.starts_with(&home)), "{asked:?}");
                picture(&client, &format!("site{}-{}", path.replace('/', "-"), eyes.name())).await;
            }
        })
        .await;
    }
}

/// Nothing stands beside the screen, and the page has the colours that were asked for.
async fn fits(client: &Client, eyes: Eyes, path: &str) {
    let over = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(number(client, over).await, 0, "{path}: {eyes:?}");
    let colour = words(client, "getComputedStyle(document.body).backgroundColor").await;
    let expected = if eyes.dark { "rgb(28, 29, 34)" } else { "rgb(251, 251, 251)" };
    assert_eq!(colour, expected, "{path}: {eyes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_claims_of_a_site_are_searched_without_a_server() {
    let (_folder, out) = shipped();
    let home = serve(out);
    look(LIGHT, async |client| {
        client.goto(&format!("{home}/")).await.unwrap();
        let shown = "[...document.querySelectorAll('.claims li')].filter(li => li.checkVisibility()).length";
        let all = number(&client, shown).await;
        assert!(all > 50, "{all}");
        let before = asked(&client).await.len();
        let field = client.find(Locator::Css("input[type=search]")).await.unwrap();
        assert!(field.is_displayed().await.unwrap());
        // Case and accents tell nothing apart.
        field.send_keys("NÉRO").await.unwrap();
        let found = number(&client, shown).await;
        assert!((1..5).contains(&found), "{found}");
        assert_eq!(text_of(&client, "#found").await, format!("{found} of {all} claims"));
        assert!(text_of(&client, "main").await.contains("Nero fiddled while Rome burned."));
        assert!(!text_of(&client, "main").await.contains("Science"), "empty groups are gone");
        picture(&client, "site-search-light").await;
        field.send_keys(" submarine").await.unwrap();
        assert_eq!(number(&client, shown).await, 0);
        // Enter goes nowhere.
        field.send_keys(&Key::Enter.to_string()).await.unwrap();
        assert_eq!(text_of(&client, "#found").await, format!("0 of {all} claims"));
        field.clear().await.unwrap();
        field.send_keys(" ").await.unwrap();
        assert_eq!(number(&client, shown).await, all);
        assert_eq!(asked(&client).await.len(), before, "nobody was asked");
        // A claim's page and back, and a citation leads to its source.
        client.find(Locator::LinkText("Nero fiddled while Rome burned.")).await.unwrap().click().await.unwrap();
        client.wait().for_element(Locator::Css(".sources")).await.unwrap();
        client.find(Locator::Css("sup a")).await.unwrap().click().await.unwrap();
        assert_eq!(words(&client, "document.querySelector(':target').id").await, "source-1");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_a_site_is_read_all_the_same() {
    let (_folder, out) = shipped();
    let home = serve(out);
    look(Eyes { scripts: false, ..LIGHT }, async |client| {
        client.goto(&format!("{home}/")).await.unwrap();
        let search = client.find(Locator::Css("form")).await.unwrap();
        assert!(!search.is_displayed().await.unwrap(), "a box that does nothing is not shown");
        let main = text_of(&client, "main").await;
        assert!(main.contains("Nero fiddled while Rome burned."), "{main}");
        client
            .find(Locator::LinkText("Nero fiddled while Rome burned."))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        client.wait().for_element(Locator::Css(".sources")).await.unwrap();
    })
    .await;
}

/// axe-core, where somebody has it: named by `AXE_CORE`, or installed beside the sources.
fn axe() -> Option<String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/axe-core/axe.min.js");
    let path = std::env::var_os("AXE_CORE").map_or(beside, PathBuf::from);
    fs::read_to_string(path).ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accessibility_checker_finds_nothing_serious() {
    let Some(axe) = axe() else {
        println!("skipped: axe-core is not there (npm install axe-core, or name it in AXE_CORE)");
        return;
    };
    let preview = Preview::with_site();
    let (_folder, out) = shipped();
    let home = serve(out);
    let mut pages: Vec<String> = ["/", "/claims/ussr-agreed-to-join-axis.html", "/method.html"]
        .map(|path| format!("{home}{path}"))
        .to_vec();
    let message = "/try?message=lake+ulmen+froze+over+in+the+summer+of+1702";
    for path in ["/", "/claim/lake-froze", "/claim/lake-froze?dark=0&phone=1", message] {
        pages.push(format!("http://{}{path}", preview.address()));
    }
    for eyes in [LIGHT, Eyes { dark: true, ..LIGHT }] {
        look(eyes, async |client| {
            let (mut passed, mut minor) = (0, 0);
            for page in &pages {
                client.goto(page).await.unwrap();
                // What is folded in must be readable too.
                let open = "document.querySelectorAll('details').forEach(one => one.open = true)";
                client.execute(open, Vec::new()).await.unwrap();
                client.execute(&axe, Vec::new()).await.unwrap();
                let script = "const done = arguments[0]; axe.run().then(found => done(found))";
                let found = client.execute_async(script, Vec::new()).await.unwrap();
                let none = Vec::new();
                let violations = found["violations"].as_array().unwrap_or(&none);
                let is_serious =
                    |one: &&Value| matches!(one["impact"].as_str(), Some("serious" | "critical"));
                let serious: Vec<_> = violations.iter().filter(is_serious).collect();
                assert!(serious.is_empty(), "{page} {}: {serious:#?}", eyes.name());
                for one in violations {
                    println!("{page} {}: {} {}", eyes.name(), one["impact"], one["help"]);
                }
                passed += found["passes"].as_array().unwrap().len();
                minor += violations.len();
            }
            assert!(passed > 100, "{passed} rules passed on all pages");
            println!(
                "{}: {} pages, {passed} rules passed, {minor} lesser findings",
                eyes.name(),
                pages.len()
            );
        })
        .await;
    }
}
