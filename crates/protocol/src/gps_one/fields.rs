//! Reads the members of one object; whatever is refused becomes a defect under its full path.

use super::value::{self, believable, excerpt, storable};
use crate::defect::Defects;
use model::Timestamp;
use serde_json::{Map, Value};

/// A time as a message tells it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Told {
    /// Nothing was said.
    Absent,
    /// A time that can be meant.
    Believed(Timestamp),
    /// Something that cannot be meant. `exact` when the text tells it from every other such value.
    Unbelieved { text: String, exact: bool },
}

/// The members of one object, with the place where refusals go.
pub(crate) struct Fields<'a> {
    object: &'a Map<String, Value>,
    path: String,
    defects: &'a mut Defects,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(object: &'a Map<String, Value>, path: &str, defects: &'a mut Defects) -> Self {
        Self { object, path: path.to_owned(), defects }
    }

    /// The member, unless it is absent, null or an empty text.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Value> {
        let value = self.object.get(key)?;
        let says_nothing = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        if says_nothing { None } else { Some(value) }
    }

    /// The full name of a member; an empty key names the object itself.
    pub(crate) fn path_of(&self, key: &str) -> String {
        match (self.path.as_str(), key) {
            ("", "") => "payload".to_owned(),
            ("", key) => key.to_owned(),
            (path, "") => path.to_owned(),
            (path, key) => format!("{path}.{key}"),
        }
    }

    pub(crate) fn refuse(&mut self, key: &str, problem: impl Into<String>) {
        let field = self.path_of(key);
        self.defects.add(field, problem);
    }

    pub(crate) fn defects(&mut self) -> &mut Defects {
        self.defects
    }

    fn read<T>(&mut self, key: &str, how: impl FnOnce(&Value) -> Result<T, String>) -> Option<T> {
        match how(self.get(key)?) {
            Ok(read) => Some(read),
            Err(problem) => {
                self.refuse(key, problem);
                None
            }
        }
    }

    pub(crate) fn number(&mut self, key: &str) -> Option<f64> {
        self.read(key, value::number)
    }

    /// A number that means something only from `least` to `most`.
    pub(crate) fn number_within(&mut self, key: &str, least: f64, most: f64) -> Option<f64> {
        self.read(key, |value| match value::number(value)? {
            number if (least..=most).contains(&number) => Ok(number),
            number => Err(format!("{number} is outside {least}..{most}")),
        })
    }

    pub(crate) fn count(&mut self, key: &str) -> Option<u64> {
        self.read(key, value::count)
    }

    pub(crate) fn flag(&mut self, key: &str) -> Option<bool> {
        self.read(key, value::flag)
    }

    pub(crate) fn text(&mut self, key: &str) -> Option<String> {
        let (text, changed) = storable(&self.read(key, value::text)?);
        if let Some(problem) = changed {
            self.refuse(key, problem);
        }
        Some(text)
    }

    pub(crate) fn battery_pct(&mut self) -> Option<f64> {
        self.number_within("battery_pct", 0.0, 100.0)
    }

    pub(crate) fn time(&mut self, key: &str, received_at: Timestamp) -> Told {
        let Some(value) = self.get(key) else { return Told::Absent };
        let Some(time) = value::moment(value) else {
            self.refuse(key, format!("{} is not a time", excerpt(value)));
            return unreadable(value);
        };
        match believable(time, received_at) {
            Ok(()) => Told::Believed(as_stored(time)),
            Err(problem) => {
                self.refuse(key, problem);
                Told::Unbelieved { text: time.to_string(), exact: true }
            }
        }
    }

    /// A time, or nothing with a defect.
    pub(crate) fn believed_time(&mut self, key: &str, received_at: Timestamp) -> Option<Timestamp> {
        match self.time(key, received_at) {
            Told::Believed(time) => Some(time),
            Told::Absent | Told::Unbelieved { .. } => None,
        }
    }
}

/// In whole microseconds: what is told now and what is read back later are the same.
fn as_stored(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

/// What was said where a time belongs; only a text or a number kept whole tells itself from the others.
fn unreadable(value: &Value) -> Told {
    match value::text(value) {
        Ok(text) => {
            let (text, changed) = storable(&text);
            Told::Unbelieved { text, exact: changed.is_none() }
        }
        Err(_) => Told::Unbelieved { text: excerpt(value), exact: false },
    }
}
