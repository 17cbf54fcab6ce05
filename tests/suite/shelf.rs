//! Claim files in the store: only what changed is written, what is broken answers as it last was, and a reply shows what it was made from.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use footnote::app::App;
use footnote::app::engine::Engine;
use footnote::app::event::{Action, Does, Handle, Incoming, Pressed, Request, Tag, Token};
use footnote::app::reload::{reload, start};
use footnote::app::rules::Rules;
use footnote::app::shelf::keep;
use footnote::content::load::load;
use footnote::model::claim::{ClaimId, Revision};
use footnote::model::diagnostic::Levels;
use footnote::policy::permission::Permissions;
use footnote::policy::place::{ChannelId, GuildId, MessageId, Moment, UserId};
use footnote::reply::{ButtonKind, wording};
use footnote::store::record::{Answer, State};
use footnote::store::{ANSWERS_KEPT, Store};

const NOW: Moment = Moment(1_800_000_000_000);

/// Response files, and a store of them.
struct Shelf {
    folder: tempfile::TempDir,
    store: Store,
}

impl Shelf {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store"), NOW).unwrap();
        let shelf = Self { folder, store };
        fs::create_dir_all(shelf.path("responses/pack")).unwrap();
        shelf.write("aliases.toml", "ship = [\"titanic\", \"the ship\"]\n");
        shelf.write("pack/a.md", &file("{ship} was unsinkable", "It sank."));
        shelf.write("pack/b.md", &file("the lake froze in july", "It did not."));
        shelf
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path("responses").join(name), text).unwrap();
    }

    /// How many values a start writes.
    fn written(&self) -> usize {
        let loaded = load(&self.path("responses")).unwrap();
        assert_eq!(loaded.diagnostics, []);
        keep(&self.store, &loaded.catalog, &loaded)
    }

    /// What answers after a start, and where something is wrong.
    fn started(&self) -> (Engine, Vec<String>) {
        let folder = self.path("responses");
        let (engine, problems) = start(&folder, &Levels::default(), Some(&self.store)).unwrap();
        let places = problems.iter().filter_map(|one| Path::new(&one.place).file_name());
        (engine, places.map(|name| name.to_string_lossy().into_owned()).collect())
    }

    fn app(&self) -> App {
        let (engine, _) = self.started();
        App::open(self.store.clone(), engine, Rules::default(), Arc::default(), NOW).unwrap()
    }

    /// The claim's revision now.
    fn revision(&self, id: &str) -> Revision {
        self.started().0.catalog.claim(id).unwrap().revision.clone()
    }

    fn knows(&self, id: &str, revision: &Revision) -> bool {
        self.store.kept_claim(&claim(id), revision.as_str()).unwrap().is_some()
    }
}

fn claim(id: &str) -> ClaimId {
    ClaimId::new(id).unwrap()
}

fn file(phrasing: &str, text: &str) -> String {
    format!(
        "+++\nclaim = \"A claim.\"\nverdict = \"false\"\nevidence = \"consensus\"\n\
         reason = \"It is not so.\"\naction = \"reply\"\nphrasings = [\"{phrasing}\"]\n\
         near_misses = [\"something else entirely\"]\npublished = 2026-11-22\n\
         reviewed = 2026-11-22\n\n[[source]]\nkey = \"book\"\nkind = \"secondary\"\n\
         title = \"A Book\"\n+++\n{text}[^book]\n\n## Details\n\nIn detail: {text}[^book]\n"
    )
}

/// What the button "Full context" shows of a claim in a revision.
fn shown(app: &App, id: &str, revision: &Revision) -> String {
    let tag = Tag {
        does: Does::Open(ButtonKind::Full),
        message: MessageId(1),
        author: UserId(2),
        claim: claim(id),
        revision: revision.start().to_owned(),
    };
    let request = Request {
        guild: Some(GuildId(1)),
        channel: ChannelId(1),
        parent: None,
        by: UserId(3),
        permissions: Permissions(0),
        installed: true,
        permitted: true,
        handle: Handle { id: 1, token: Token("t".to_owned()) },
    };
    let pressed = Pressed { request, under: MessageId(9), tag: Some(tag) };
    match app.on(Incoming::Pressed(pressed), NOW).as_slice() {
        [Action::Answer(answer)] => answer.content.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_what_changed_is_written() {
    let shelf = Shelf::new();
    assert_eq!(shelf.written(), 4, "two files, and which of them answer");
    assert_eq!(shelf.written(), 0);
    shelf.write("pack/b.md", &file("the lake froze in june", "It did not."));
    assert_eq!(shelf.written(), 2, "one file, and that it answers");
    shelf.write("aliases.toml", "ship = [\"titanic\", \"the liner\"]\n");
    assert_eq!(shelf.written(), 1, "the names of the one that uses them");
    fs::remove_file(shelf.path("responses/pack/b.md")).unwrap();
    assert_eq!(shelf.written(), 1, "it answers no more");
    assert_eq!(shelf.written(), 0);
}

#[test]
fn a_bad_edit_and_a_restart_answer_with_the_last_good_file() {
    let shelf = Shelf::new();
    let good = shelf.revision("a");
    shelf.write("pack/a.md", "+++\nclaim = \n+++\nbroken\n");
    shelf.write("pack/b.md", &file("the lake froze in june", "It did not."));
    for _ in 0..2 {
        let (engine, wrong) = shelf.started();
        assert!(wrong.iter().all(|place| place.starts_with("a.md:")), "{wrong:?}");
        assert_eq!(engine.catalog.claim("a").unwrap().revision, good);
        let phrasing = &engine.catalog.claim("b").unwrap().phrasings[0];
        assert!(format!("{phrasing:?}").contains("june"), "the others are as they are now");
    }
    // Not even a file that is no text any more.
    fs::write(shelf.path("responses/pack/a.md"), [0xff, 0xfe]).unwrap();
    assert_eq!(shelf.revision("a"), good);
    shelf.write("pack/a.md", &file("{ship} was unsinkable", "It sank in 1912."));
    let (engine, wrong) = shelf.started();
    assert_eq!(wrong, [""; 0]);
    assert_ne!(engine.catalog.claim("a").unwrap().revision, good);
}

#[test]
fn a_bad_edit_of_the_aliases_takes_no_claim_along() {
    let shelf = Shelf::new();
    shelf.started();
    shelf.write("aliases.toml", "ship = [\"titanic\"\n");
    let (engine, wrong) = shelf.started();
    assert!(wrong.iter().any(|place| place.starts_with("aliases.toml:")), "{wrong:?}");
    assert_eq!(engine.catalog.claims().len(), 2);
    let names = engine.catalog.aliases().names("ship").unwrap();
    assert_eq!(names.len(), 2, "{names:?}");
    // Nor does a folder that was moved away.
    fs::remove_dir_all(shelf.path("responses/pack")).unwrap();
    assert_eq!(shelf.started().0.catalog.claims().len(), 2);
}

#[test]
fn a_reply_shows_what_it_was_made_from_until_nobody_can_ask() {
    let shelf = Shelf::new();
    let old = shelf.revision("a");
    let answer = Answer {
        state: State::Sent(MessageId(9)),
        guild: Some(GuildId(1)),
        channel: ChannelId(1),
        parent: None,
        claim: claim("a"),
        revision: old.clone(),
        nonce: "f1".to_owned(),
        at: NOW,
    };
    shelf.store.record_intent(MessageId(1), &answer).unwrap();
    let app = shelf.app();
    // Between them one that nothing was answered with.
    shelf.write("pack/a.md", &file("{ship} was unsinkable", "It sank in 1911."));
    let unused = shelf.revision("a");
    shelf.write("pack/a.md", &file("{ship} was unsinkable", "It sank in 1912."));
    let folder = shelf.path("responses");
    assert!(reload(app.live(), &folder, &Levels::default(), Some(&shelf.store)));
    assert!(shelf.knows("a", &app.live().load().catalog.claim("a").unwrap().revision));
    let new = shelf.revision("a");
    assert!(shelf.knows("a", &unused));
    app.prune(NOW).unwrap();
    assert_eq!([&old, &unused, &new].map(|one| shelf.knows("a", one)), [true, false, true]);

    let then = shown(&app, "a", &old);
    assert!(then.contains("It sank.") && !then.contains(wording::REVISED), "{then}");
    assert!(shown(&app, "a", &new).contains("1912"));
    app.prune(NOW.plus(ANSWERS_KEPT).plus(std::time::Duration::from_secs(1))).unwrap();
    assert!(!shelf.knows("a", &old) && shelf.knows("a", &new));
    let now = shown(&app, "a", &old);
    assert!(now.contains("1912") && now.contains(wording::REVISED), "{now}");
}
