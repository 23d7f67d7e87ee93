//! A defect: one thing in a payload that was not believed, and why. The rest of the payload is used all the same.

use crate::gps_one::storable;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A payload of ten megabytes can hold millions of broken values; nobody reads more than these.
const LISTED_AT_MOST: usize = 200;

/// One part of a payload that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// Which part, as a path: `fixes[3].lat`; `payload` for the whole.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.problem)
    }
}

/// What could be read of a payload, and what could not.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded<T> {
    /// What could be read.
    pub message: T,
    /// What could not, in the order found; empty for a clean payload.
    pub defects: Vec<Defect>,
}

/// Collects defects up to a bound and remembers that there were more.
#[derive(Debug, Default)]
pub(crate) struct Defects {
    listed: Vec<Defect>,
    unlisted: usize,
}

impl Defects {
    pub(crate) fn add(&mut self, field: impl Into<String>, problem: impl Into<String>) {
        if self.listed.len() < LISTED_AT_MOST {
            self.listed.push(Defect { field: storable(&field.into()).0, problem: problem.into() });
        } else {
            self.unlisted = self.unlisted.saturating_add(1);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// Whether something may be wrong with this field; unlisted defects may be about any.
    pub(crate) fn touch(&self, field: &str) -> bool {
        self.unlisted > 0 || self.listed.iter().any(|defect| defect.field == field)
    }

    pub(crate) fn with<T>(self, message: T) -> Decoded<T> {
        let mut defects = self.listed;
        if self.unlisted > 0 {
            let problem = format!("{} further defects are not listed", self.unlisted);
            defects.push(Defect { field: "payload".to_owned(), problem });
        }
        Decoded { message, defects }
    }
}
