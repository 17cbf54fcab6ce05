//! `/footnote suggest` and `footnote inbox`: a form for members, a list for authors, and nobody's name between them.

use std::process::Command;

use serde_json::{Value, json};

use super::Stage;
use crate::support::interactions::Answered;

impl Stage {
    async fn opens_form(&self, by: footnote::policy::place::UserId) -> Value {
        let options = json!({});
        let form = self.discord.command(self.debate, by, "footnote suggest", options).await;
        assert_eq!(form.kind, 9, "a form: {form:?}");
        form.data
    }

    async fn sends(&self, by: footnote::policy::place::UserId, fields: Value) -> Answered {
        let form = self.opens_form(by).await;
        let id = form["custom_id"].as_str().unwrap();
        let answer = self.discord.submit(self.debate, by, id, &fields).await;
        assert!(answer.is_ephemeral, "{answer:?}");
        answer
    }

    fn inbox(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_footnote"))
            .arg("inbox")
            .args(arguments)
            .current_dir(self.home.path())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        text
    }
}

#[tokio::test]
async fn what_members_type_into_the_form_reaches_authors_without_their_names() {
    let (stage, bot) = Stage::open().await;
    assert_eq!(stage.inbox(&[]), "Nothing waits.\n");
    let fields = json!({
        "wording": "the vikings\u{1b}[2J wore \"horns\"\n\nalways",
        "source": "a book on helmets",
    });
    let thanks = stage.sends(stage.ann, fields).await;
    assert!(thanks.content().contains("is not kept"), "{thanks:?}");
    let again = stage.sends(stage.ann, json!({ "wording": "and another one" })).await;
    assert!(again.content().contains("one in ten minutes"), "{again:?}");
    let empty =
        stage.sends(stage.bob, json!({ "wording": "\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}" }));
    assert!(empty.await.content().contains("nothing was kept"));
    stage.sends(stage.bob, json!({ "wording": "rome never fell" })).await;

    // Beside the running bot, and with it gone.
    let listed = stage.inbox(&[]);
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(
        lines[0],
        "  0 d  \"the vikings[2J wore \\\"horns\\\" always\"  # \"a book on helmets\""
    );
    assert_eq!(lines[1], "  0 d  \"rome never fell\"");
    assert_eq!(stage.inbox(&["--done", "1"]), "1 forgotten.\n");
    stage.ends(bot).await;
    let listed = stage.inbox(&[]);
    assert!(listed.starts_with("  0 d  \"rome never fell\"\n"), "{listed}");
    let export = stage.home.path().join("export.jsonl");
    let done = Command::new(env!("CARGO_BIN_EXE_footnote"))
        .args(["store", "export", export.to_str().unwrap()])
        .current_dir(stage.home.path())
        .output()
        .unwrap();
    assert!(done.status.success());
    let export = std::fs::read_to_string(export).unwrap();
    for who in [stage.ann.to_string(), stage.bob.to_string(), stage.debate.to_string()] {
        assert!(!export.contains(&who), "{who}: {export}");
    }
}

#[tokio::test]
async fn a_form_of_another_version_is_no_form_of_ours() {
    let (stage, bot) = Stage::open().await;
    let form = stage.opens_form(stage.ann).await;
    let inputs: Vec<&Value> = form["components"].as_array().unwrap().iter().collect();
    assert_eq!(inputs.len(), 2, "{form:#}");
    let fields = json!({ "wording": "rome fell" });
    let answer = stage.discord.submit(stage.debate, stage.ann, "2:g", &fields).await;
    assert!(answer.is_ephemeral && answer.content().contains("another version"), "{answer:?}");
    assert_eq!(stage.inbox(&[]), "Nothing waits.\n");
    stage.ends(bot).await;
}
