//! Reads lines from a stream with bounded memory. Knows nothing of what they mean.

use std::io::{self, BufRead};

/// The longest line that is read, in bytes. Discord's longest message has 4,000 characters, and a
/// JSON object around it stays far below this.
pub const LONGEST: usize = 1 << 20;

/// One line without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A text.
    Text(String),
    /// Something that is no text; the place of the first byte that is none, from 1.
    NotUtf8(usize),
    /// More than [`LONGEST`] bytes, which were passed over.
    TooLong,
}

impl Line {
    /// The text, or why there is none.
    pub fn text(self) -> Result<String, String> {
        match self {
            Self::Text(text) => Ok(text),
            Self::NotUtf8(at) => Err(format!("byte {at} of the line is not UTF-8")),
            Self::TooLong => Err(format!("the line is longer than {LONGEST} bytes")),
        }
    }
}

/// The next line; none at the end.
pub fn line(reader: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut bytes = Vec::new();
    let mut too_long = false;
    let mut any = false;
    loop {
        let (taken, ended) = {
            let chunk = match reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                break;
            }
            let newline = chunk.iter().position(|byte| *byte == b'\n');
            let part = newline.and_then(|at| chunk.get(..at)).unwrap_or(chunk);
            if bytes.len() + part.len() > LONGEST {
                too_long = true;
            }
            if too_long {
                bytes = Vec::new();
            } else {
                bytes.extend_from_slice(part);
            }
            (newline.map_or(chunk.len(), |at| at + 1), newline.is_some())
        };
        any = true;
        reader.consume(taken);
        if ended {
            break;
        }
    }
    if !any {
        return Ok(None);
    }
    if too_long {
        return Ok(Some(Line::TooLong));
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    Ok(Some(match String::from_utf8(bytes) {
        Ok(text) => Line::Text(text),
        Err(error) => Line::NotUtf8(error.utf8_error().valid_up_to() + 1),
    }))
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use super::{LONGEST, Line, line};

    fn text(text: &str) -> Line {
        Line::Text(text.to_owned())
    }

    fn lines(bytes: &[u8]) -> Vec<Line> {
        let mut reader = BufReader::with_capacity(3, bytes);
        std::iter::from_fn(|| line(&mut reader).unwrap()).collect()
    }

    #[test]
    fn lines_end_with_a_newline_or_the_stream() {
        for (bytes, expected) in [
            (&b""[..], vec![]),
            (b"\n", vec![text("")]),
            (b"abcdef\n\ngh", vec![text("abcdef"), text(""), text("gh")]),
            (b"a\r\nb\r\r\n", vec![text("a"), text("b\r")]),
            ("日本\n".as_bytes(), vec![text("日本")]),
            (b"ab\xff\nc", vec![Line::NotUtf8(3), text("c")]),
        ] {
            assert_eq!(lines(bytes), expected);
        }
    }

    #[test]
    fn a_line_without_end_is_passed_over_without_being_kept() {
        let endless = std::io::repeat(b'a').take(LONGEST as u64 + 1);
        let mut reader = BufReader::new(endless.chain(&b"\nnext\n"[..]));
        assert_eq!(line(&mut reader).unwrap(), Some(Line::TooLong));
        assert_eq!(line(&mut reader).unwrap(), Some(text("next")));
        let mut reader = BufReader::new(std::io::repeat(b'a').take(LONGEST as u64));
        assert!(matches!(line(&mut reader).unwrap(), Some(Line::Text(_))));
    }
}
