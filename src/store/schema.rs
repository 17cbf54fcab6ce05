//! The layout of the whole store, and the steps from older ones. Knows no record.

use sled::Db;

use crate::store::StoreError;

/// The layout; each value has a version byte of its own beside it.
pub(super) const SCHEMA: u32 = 4;

pub(super) const SCHEMA_KEY: &[u8] = b"schema";

/// A step from the schema of its index plus one to the next.
pub(super) type Step = fn(&Db) -> Result<(), StoreError>;

/// The steps in order; schema 1 is the first there was.
///
/// - To 2: claims, settings of servers and channels, members' wishes and rests. There were none before, so
///   nothing is moved; the number keeps an older footnote from overlooking them.
/// - To 3: cards for moderators, and settings that there were not before. Nothing is moved either.
/// - To 4: what would have been said in channels that are only watched. Nothing is moved.
const STEPS: [Step; 3] = [|_| Ok(()), |_| Ok(()), |_| Ok(())];

pub(super) fn migrate(db: &Db) -> Result<(), StoreError> {
    migrate_by(db, &STEPS, SCHEMA)
}

pub(super) fn migrate_by(db: &Db, steps: &[Step], known: u32) -> Result<(), StoreError> {
    let found = match db.get(SCHEMA_KEY)? {
        Some(bytes) => u32::from_be_bytes(bytes.as_ref().try_into().map_err(|_| {
            StoreError::Unreadable("the schema's number has a wrong length".to_owned())
        })?),
        None => known,
    };
    if found > known {
        return Err(StoreError::Newer { path: String::new(), found, known });
    }
    let done = usize::try_from(found.saturating_sub(1)).unwrap_or(usize::MAX);
    for (step, reached) in steps.iter().skip(done).zip(found.saturating_add(1)..) {
        step(db)?;
        // Each step is acknowledged by itself: one that was cut short runs again.
        db.flush()?;
        db.insert(SCHEMA_KEY, &reached.to_be_bytes())?;
        db.flush()?;
    }
    if !db.contains_key(SCHEMA_KEY)? {
        db.insert(SCHEMA_KEY, &known.to_be_bytes())?;
        db.flush()?;
    }
    Ok(())
}
