//! Reads an exported chat log as a stream: the head of the file, then one message after the other. Knows the file's form, and nothing of what a message must be.
//!
//! The form is DiscordChatExporter's JSON. A file may be larger than the memory: of it there is never
//! more than one message here.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, Read};

use serde::Deserialize;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

/// The most bytes that one message, or whatever stands between two, may take. With all its embeds and
/// reactions a message takes some ten thousand.
const LONGEST: u64 = 1 << 24;

/// What stands before the messages.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Server {
    /// Its id; 0 for direct messages.
    pub(super) id: String,
    /// Its name.
    #[serde(default)]
    pub(super) name: String,
}

/// The channel or thread that was exported.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Channel {
    /// Its id.
    pub(super) id: String,
    /// Its name.
    #[serde(default)]
    pub(super) name: String,
    /// The name of its category, or of the channel that a thread belongs to.
    #[serde(default)]
    pub(super) category: Option<String>,
}

/// Whoever is told what stands in a file.
pub(super) trait Listener {
    /// Whose messages they are; before the first of them.
    ///
    /// # Errors
    /// Why they cannot be used.
    fn begins(&mut self, server: Server, channel: Channel) -> Result<(), String>;

    /// One message as it stands there, and how many bytes were read until its end.
    fn message(&mut self, raw: Box<RawValue>, read: u64);
}

/// How many messages stood in a file that was read to its end, and how many it says there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Whole {
    /// Seen.
    pub(super) seen: u64,
    /// Said.
    pub(super) said: Option<u64>,
}

/// Reads a file to its end.
///
/// # Errors
/// Where and why it could not be read on; the listener knows all that stood before.
pub(super) fn read(
    mut reader: impl BufRead,
    listener: &mut impl Listener,
) -> Result<Whole, String> {
    let place = Place::default();
    let start = reader.fill_buf().map_err(|error| error.to_string())?;
    // A byte order mark is how some programs begin a file, and no part of what it says.
    if start.starts_with(MARK) {
        reader.consume(MARK.len());
        place.read.set(MARK.len() as u64);
    }
    let counted = Counted { reader, place: &place };
    let mut json = serde_json::Deserializer::from_reader(counted);
    let file = File { listener, place: &place };
    let whole = file.deserialize(&mut json).map_err(|error| said(&error, &place))?;
    json.end().map_err(|error| said(&error, &place))?;
    Ok(whole)
}

const MARK: &[u8] = b"\xef\xbb\xbf";

fn said(error: &serde_json::Error, place: &Place) -> String {
    let what = error.to_string();
    // serde_json says the place itself, behind the reason.
    let reason = what.rsplit_once(" at line ").map_or(what.as_str(), |(reason, _)| reason);
    let reason = match error.classify() {
        Category::Eof => "the file ends in the middle, so it was cut off or is still being written",
        Category::Io | Category::Syntax | Category::Data => reason,
    };
    let (line, column) = (error.line(), error.column());
    format!("byte {}, line {line}, column {column}: {reason}", place.read.get())
}

/// How far a file was read, and where its last message ended.
#[derive(Debug, Default)]
struct Place {
    read: Cell<u64>,
    mark: Cell<u64>,
}

/// A reader that counts, and that stops where no message ends for too long.
struct Counted<'a, R> {
    reader: R,
    place: &'a Place,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        let read = self.place.read.get() + count as u64;
        self.place.read.set(read);
        if read - self.place.mark.get() > LONGEST {
            let what = format!("no message ends within {LONGEST} bytes: this is no chat log");
            return Err(io::Error::other(what));
        }
        Ok(count)
    }
}

/// The whole file.
struct File<'a, L> {
    listener: &'a mut L,
    place: &'a Place,
}

impl<'de, L: Listener> DeserializeSeed<'de> for File<'_, L> {
    type Value = Whole;

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<Whole, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de, L: Listener> Visitor<'de> for File<'_, L> {
    type Value = Whole;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an exported channel: an object with guild, channel and messages")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Whole, A::Error> {
        let (mut server, mut channel, mut whole) = (None, None, None);
        let mut said = None;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "guild" => server = Some(map.next_value::<Server>()?),
                "channel" => channel = Some(map.next_value::<Channel>()?),
                "messageCount" => said = map.next_value::<Option<u64>>()?,
                "messages" => {
                    let (Some(server), Some(channel)) = (server.take(), channel.take()) else {
                        return Err(A::Error::custom(
                            "`messages` stand before `guild` and `channel`, so nobody knows whose they are",
                        ));
                    };
                    self.listener.begins(server, channel).map_err(A::Error::custom)?;
                    let messages = Messages { listener: &mut *self.listener, place: self.place };
                    whole = Some(map.next_value_seed(messages)?);
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
            self.place.mark.set(self.place.read.get());
        }
        let Some(seen) = whole else {
            return Err(A::Error::custom(
                "there are no `messages`: DiscordChatExporter writes such a file with --format Json",
            ));
        };
        Ok(Whole { seen, said })
    }
}

/// The list of messages.
struct Messages<'a, L> {
    listener: &'a mut L,
    place: &'a Place,
}

impl<'de, L: Listener> DeserializeSeed<'de> for Messages<'_, L> {
    type Value = u64;

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<u64, D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de, L: Listener> Visitor<'de> for Messages<'_, L> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of messages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<u64, A::Error> {
        let mut seen = 0;
        while let Some(raw) = list.next_element::<Box<RawValue>>()? {
            seen += 1;
            let read = self.place.read.get();
            self.place.mark.set(read);
            self.listener.message(raw, read);
        }
        Ok(seen)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use serde_json::value::RawValue;

    use super::{Channel, LONGEST, Listener, Server, Whole, read};

    #[derive(Default)]
    struct Heard {
        head: Option<(String, String, Option<String>)>,
        messages: Vec<String>,
    }

    impl Listener for Heard {
        fn begins(&mut self, server: Server, channel: Channel) -> Result<(), String> {
            self.head = Some((server.id, channel.id, channel.category));
            Ok(())
        }

        fn message(&mut self, raw: Box<RawValue>, _: u64) {
            self.messages.push(raw.get().to_owned());
        }
    }

    fn heard(file: &[u8]) -> (Heard, Result<Whole, String>) {
        let mut heard = Heard::default();
        let whole = read(BufReader::with_capacity(7, file), &mut heard);
        (heard, whole)
    }

    const HEAD: &str = r#"{"guild":{"id":"1","name":"s","iconUrl":null},"channel":{"id":"2","type":"GuildTextChat","name":"c","category":"k","topic":null},"dateRange":{"after":null},"messages":["#;

    #[test]
    fn a_file_is_read_message_by_message() {
        for start in ["", "\u{feff}"] {
            let file = format!(r#"{start}{HEAD}{{"a":[1]}}, 7],"messageCount":2}}"#);
            // A mark is looked for in the first bytes that come, and a pipe may bring few.
            let (heard, whole) = heard(file.as_bytes());
            assert_eq!(whole, Ok(Whole { seen: 2, said: Some(2) }));
            assert_eq!(heard.head, Some(("1".into(), "2".into(), Some("k".into()))));
            assert_eq!(heard.messages, [r#"{"a":[1]}"#, "7"]);
        }
    }

    #[test]
    fn a_broken_file_says_where_and_loses_nothing_of_what_was_read() {
        for (end, expected, seen) in [
            ("{},{}", "the file ends in the middle", 2),
            ("{},\n{\"a\" 1}]}", "line 2, column 6: expected `:`", 1),
            ("{}]} x", "trailing characters", 1),
            ("{}", "byte 170, line 1, column 170:", 1),
        ] {
            let (heard, whole) = heard(format!("{HEAD}{end}").as_bytes());
            let error = whole.unwrap_err();
            assert!(error.contains(expected), "{end}: {error}");
            assert_eq!(heard.messages.len(), seen, "{end}");
        }
        for (file, expected) in [
            ("", "the file ends in the middle"),
            ("[]", "invalid type: sequence, expected an exported channel"),
            (r#"{"messages":[]}"#, "`messages` stand before"),
            (r#"{"guild":{"id":"1"},"channel":{"id":"2"}}"#, "there are no `messages`"),
            (r#"{"guild":{"id":1}}"#, "invalid type: integer `1`, expected a string"),
        ] {
            let error = heard(file.as_bytes()).1.unwrap_err();
            assert!(error.contains(expected), "{file}: {error}");
        }
    }

    #[test]
    fn a_message_without_end_is_given_up() {
        let endless = HEAD.as_bytes().chain(&b"\""[..]).chain(std::io::repeat(b'a'));
        let error = read(BufReader::new(endless), &mut Heard::default()).unwrap_err();
        assert!(error.contains(&format!("no message ends within {LONGEST} bytes")), "{error}");
    }
}
