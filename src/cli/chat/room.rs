//! The channel of `footnote chat`: lines in, what a person would see out. Knows neither the terminal nor the clock.

use crate::cli::judge::{Judge, Judged, in_reply_mode, somewhere};
use crate::model::claim::{Claim, Status};
use crate::policy::admit::admit;
use crate::policy::cooldown::{History, Past};
use crate::policy::decide::{Decision, Verb, remember};
use crate::policy::place::{MessageId, Moment};
use crate::policy::reason::Reason;
use crate::policy::settings::{Mode, Settings};
use crate::reply::compact::compact;
use crate::reply::page::pages;
use crate::reply::why::why;
use crate::reply::{ButtonKind, Reply, words};

/// Something that appears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// A reply in the channel, to the message it answers.
    Reply {
        /// The message.
        to: String,
        /// The reply.
        reply: Reply,
    },
    /// A card in the moderators' channel.
    Card {
        /// The message that it is about.
        to: String,
        /// What footnote asks or tells.
        line: String,
        /// The draft that they may post; none on an alert.
        draft: Option<Reply>,
    },
    /// An answer that only the person who asked sees, as Discord's markdown.
    Private(Vec<String>),
    /// Nothing was said.
    Silent {
        /// Why.
        reason: Reason,
        /// How to go on.
        hint: Option<&'static str>,
    },
    /// Plain words about this terminal.
    Note(String),
}

/// What `/help` says.
const HELP: &str = "\
What you type is a message of member \"you\". Beside that:
  /mode off|watch|suggest|reply   what footnote may do in this channel
  /why                            why the last message was or was not answered
  /show ID                        the response to a claim, as a command would give it
  /press N                        presses a button of the last reply
  /delete                         deletes your last message, and the reply goes with it
  /search WORDS                   claims about these words
  /reset                          forgets what was said, so that no cooldown holds
  /help   /quit
A line that begins with // is a message that begins with /.";

/// The most claims that a search shows.
const FOUND: usize = 5;

#[derive(Debug)]
struct Last {
    text: String,
    /// None where the message was not read.
    judged: Result<Judged, Reason>,
    answered: bool,
}

/// A channel with one member.
#[derive(Debug)]
pub(super) struct Room {
    judge: Judge,
    settings: Settings,
    history: History,
    messages: u64,
    last: Option<Last>,
    /// The claim of the reply whose buttons can be pressed, and whether it stands in the channel.
    pressable: Option<(Claim, bool)>,
}

impl Room {
    /// An empty channel in mode reply, with a moderators' channel.
    pub(super) fn new(judge: Judge) -> Self {
        Self {
            judge,
            settings: in_reply_mode(),
            history: History::default(),
            messages: 0,
            last: None,
            pressable: None,
        }
    }

    /// Judges by another snapshot from now on; what was said stays said.
    pub(super) fn renew(&mut self, judge: Judge) {
        self.judge = judge;
    }

    /// What appears after a line; none where it ends the conversation.
    pub(super) fn take(&mut self, line: &str, now: Moment) -> Option<Vec<Shown>> {
        let Some(command) = line.strip_prefix('/') else {
            return Some(vec![self.message(line, now)]);
        };
        if command.starts_with('/') {
            return Some(vec![self.message(command, now)]);
        }
        let (name, argument) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        let argument = argument.trim();
        let shown = match name {
            "mode" => self.mode(argument),
            "why" => self.why(),
            "show" => self.show(argument),
            "press" => self.press(argument),
            "delete" => self.delete(),
            "search" => self.search(argument),
            "reset" => {
                self.history = History::default();
                note("forgotten: no cooldown holds")
            }
            "help" => note(HELP),
            "quit" | "exit" => return None,
            _ => note(format!("there is no /{name}; /help lists what there is")),
        };
        Some(vec![shown])
    }

    fn message(&mut self, text: &str, now: Moment) -> Shown {
        self.messages += 1;
        let situation = somewhere(MessageId(self.messages));
        let judged = admit(&situation, &self.settings, now)
            .map(|()| self.judge.judge(text, 0, &situation, &self.settings, &self.history, now));
        let claim =
            judged.as_ref().ok().and_then(|judged| self.judge.claim(judged.decided()?).cloned());
        let decision = match &judged {
            Ok(judged) => judged.decision,
            Err(reason) => Decision::silent(*reason),
        };
        if let Some(claim) = &claim {
            let past = Past {
                guild: situation.guild,
                channel: situation.channel,
                message: situation.message,
                claim: claim.id.clone(),
                member: Some(situation.member),
                at: now,
            };
            remember(&mut self.history, &decision, claim, &past);
        }
        let answered = decision.verb == Verb::Reply;
        self.last = Some(Last { text: text.to_owned(), judged, answered });
        let to = text.to_owned();
        match (decision.verb, claim) {
            (Verb::Reply, Some(claim)) => {
                let reply = compact(&claim);
                self.pressable = Some((claim, true));
                Shown::Reply { to, reply }
            }
            (Verb::Suggest, Some(claim)) => Shown::Card {
                to,
                line: format!("{} may answer this. Post it?", claim.id),
                draft: Some(compact(&claim)),
            },
            (Verb::Alert, Some(_)) => Shown::Card {
                to,
                line: "This message may touch a topic of your rules.".to_owned(),
                draft: None,
            },
            _ => Shown::Silent { reason: decision.reason, hint: hint(decision.reason) },
        }
    }

    fn mode(&mut self, word: &str) -> Shown {
        let Some(mode) = Mode::parse(&word.to_lowercase()) else {
            let now = self.settings.mode.word();
            return note(format!("the mode is {now}; there are off, watch, suggest and reply"));
        };
        self.settings.mode = mode;
        note(match mode {
            Mode::Off => "mode off: nothing is read",
            Mode::Watch => "mode watch: messages are judged, and nothing is said",
            Mode::Suggest => "mode suggest: moderators are asked first",
            Mode::Reply => "mode reply: footnote answers in the channel",
        })
    }

    fn why(&self) -> Shown {
        let Some(last) = &self.last else { return note("there is no message yet") };
        note(match &last.judged {
            Ok(judged) => why(&judged.decision, &judged.candidates, &last.text),
            Err(reason) => why(&Decision::silent(*reason), &[], &last.text),
        })
    }

    fn show(&mut self, id: &str) -> Shown {
        if id.is_empty() {
            return note("/show needs the name of a claim; /search WORDS finds some");
        }
        let Some(claim) = self.judge.catalog().claim(&id.to_lowercase()).cloned() else {
            return note(format!("no claim is called `{id}`; /search WORDS finds some"));
        };
        let status = match claim.status {
            Status::Published => None,
            Status::Draft => Some("-# a draft: it takes no part yet"),
            Status::Retired => Some("-# retired: it takes no part any more"),
        };
        let reply = compact(&claim);
        let mut parts = vec![reply.content];
        parts.extend(status.map(str::to_owned));
        parts.push(buttons(&[ButtonKind::Quotes, ButtonKind::Full]));
        self.pressable = Some((claim, false));
        Shown::Private(vec![parts.join("\n")])
    }

    fn press(&mut self, number: &str) -> Shown {
        let Some((claim, posted)) = &self.pressable else {
            return note("there is no reply with buttons");
        };
        let at = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        match at.and_then(|at| ButtonKind::ALL.get(at)) {
            Some(ButtonKind::NotSaid) if *posted => {
                self.pressable = None;
                if let Some(last) = &mut self.last {
                    last.answered = false;
                }
                note("the reply is gone, and the moderators can see that it did not fit")
            }
            Some(ButtonKind::NotSaid) => note("this answer stands in no channel"),
            Some(kind) => Shown::Private(pages(claim, *kind)),
            None => note("the buttons are 1, 2 and 3"),
        }
    }

    fn delete(&mut self) -> Shown {
        match self.last.take() {
            None => note("there is no message to delete"),
            Some(last) if last.answered => {
                self.pressable = None;
                note("your message is gone, and the reply went with it")
            }
            Some(_) => note("your message is gone"),
        }
    }

    fn search(&self, words: &str) -> Shown {
        if words.is_empty() {
            return note("/search needs words");
        }
        let found = self.judge.find(words, FOUND);
        let mut claims: Vec<&Claim> =
            found.iter().filter_map(|candidate| self.judge.claim(candidate)).collect();
        let lower = words.to_lowercase();
        for claim in self.judge.catalog().published() {
            let fields = [claim.id.as_str(), claim.claim.as_str()];
            let topics = claim.topics.iter().map(String::as_str);
            let says = fields.into_iter().chain(topics).any(|text| {
                lower.split_whitespace().all(|word| text.to_lowercase().contains(word))
            });
            if says && !claims.iter().any(|one| one.id == claim.id) {
                claims.push(claim);
            }
        }
        if claims.is_empty() {
            return note("no claim is about these words");
        }
        let lines: Vec<String> = claims
            .iter()
            .take(FOUND)
            .map(|claim| format!("{}  {}", claim.id, claim.claim))
            .collect();
        note(lines.join("\n"))
    }
}

/// Buttons as a line of text.
pub(super) fn buttons(kinds: &[ButtonKind]) -> String {
    let labels: Vec<String> =
        kinds.iter().map(|kind| format!("\\[ {} \\]", words::button(*kind))).collect();
    labels.join("  ")
}

fn hint(reason: Reason) -> Option<&'static str> {
    match reason {
        Reason::Off => Some("/mode reply switches it on"),
        Reason::Watch => Some("/why says what would have been said; /mode reply lets it speak"),
        Reason::CooldownClaim
        | Reason::CooldownChannel
        | Reason::CooldownMember
        | Reason::Budget => Some("/reset forgets what was said"),
        Reason::CommandOnly => Some("/show ID gives the response"),
        _ => None,
    }
}

fn note(words: impl Into<String>) -> Shown {
    Shown::Note(words.into())
}
