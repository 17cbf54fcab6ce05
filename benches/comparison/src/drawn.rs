//! The phrasings and messages that are measured with, drawn the same way in every run. Knows no way of matching.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use crate::eval::rows::{self, Input, StoredClaim};

/// Messages, evenly from each file.
pub struct Messages {
    /// The texts.
    pub texts: Vec<String>,
}

impl Messages {
    /// Draws so many in all; of a tab-separated file the last column.
    pub fn draw(paths: &[PathBuf], count: usize) -> Result<Self, Box<dyn Error>> {
        let mut texts = Vec::new();
        let share = count.div_ceil(paths.len().max(1));
        for path in paths {
            let file = fs::read_to_string(path)?;
            let lines: Vec<&str> = file.lines().filter(|line| !line.trim().is_empty()).collect();
            let step = (lines.len() / share.max(1)).max(1);
            let column = |line: &&str| line.rsplit('\t').next().unwrap_or(line).to_owned();
            texts.extend(lines.iter().step_by(step).take(share).map(column));
        }
        Ok(Self { texts })
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// How many characters each has on average.
    pub fn length(&self) -> usize {
        let all: usize = self.texts.iter().map(|text| text.chars().count()).sum();
        all / self.texts.len().max(1)
    }
}

/// A store with so many phrasings: each claim with its text and its title. Where the file has too few, the
/// rest are made of the first half of one text and the second half of another, so that words stay as
/// frequent as they are among claims.
pub fn store(path: &Path, phrasings: usize) -> Result<Vec<StoredClaim>, Box<dyn Error>> {
    let name = path.display().to_string();
    let bytes = fs::read(path)?;
    let parsed = rows::claims(Input { name: &name, bytes: &bytes });
    let claims = parsed.map_err(|faults| faults.first().map_or(String::new(), ToString::to_string))?;
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = |bound: usize| {
        // Marsaglia's xorshift: any order will do, as long as it stays the same.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or(0)
    };
    let mut order: Vec<usize> = (0..claims.len()).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, below(at + 1));
    }
    let mut store = Vec::new();
    let mut count = 0;
    for at in order {
        let Some(claim) = claims.get(at).filter(|_| count < phrasings) else { break };
        count += 1 + usize::from(claim.title.is_some());
        store.push(claim.clone());
    }
    while count < phrasings {
        let (Some(one), Some(other)) = (claims.get(below(claims.len())), claims.get(below(claims.len())))
        else {
            break;
        };
        let title = one.title.as_ref().zip(other.title.as_ref()).map(|(a, b)| splice(a, b));
        count += 1 + usize::from(title.is_some());
        store.push(StoredClaim { id: format!("made-{count}"), text: splice(&one.text, &other.text), title });
    }
    Ok(store)
}

fn splice(one: &str, other: &str) -> String {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
    let (mut one, other) = (words(one), words(other));
    one.truncate(one.len().div_ceil(2));
    one.extend_from_slice(other.get(other.len() / 2..).unwrap_or(&[]));
    one.join(" ")
}
