//! Questions to the person ("are you all right?") and what they say to them.

use super::seconds;
use crate::clock::later;
use model::Timestamp;
use protocol::{Command, CommandKind};
use std::collections::VecDeque;
use std::time::Duration;

/// How long it takes somebody to hear a question and find the button.
const THINKS_FOR: Duration = seconds(6);
/// Questions that are remembered, so that one that comes again is answered once.
const REMEMBERED: usize = 16;

/// What a person says when they are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answers {
    /// Yes, all is well.
    Yes,
    /// No, help.
    No,
    /// Nothing: they do not hear it, or cannot.
    #[default]
    Nothing,
}

/// What was asked and is not answered yet.
#[derive(Debug, Default)]
pub(super) struct Questions {
    heard: VecDeque<String>,
    due: Vec<(Timestamp, Timestamp, String)>,
}

impl Questions {
    /// A command came down; only a question that is not over and not known yet matters.
    pub(super) fn hear(&mut self, command: Command, now: Timestamp) -> bool {
        let is_new = !self.heard.contains(&command.command_id);
        if command.kind != CommandKind::Ask || command.expires_at <= now || !is_new {
            return false;
        }
        self.heard.push_back(command.command_id.clone());
        if self.heard.len() > REMEMBERED {
            self.heard.pop_front();
        }
        self.due.push((later(now, THINKS_FOR), command.expires_at, command.command_id));
        true
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.due.iter().map(|(due, ..)| *due).min()
    }

    /// Takes those that are to be answered now and are not over.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Vec<String> {
        let (due, later) = std::mem::take(&mut self.due).into_iter().partition(|(due, ..)| *due <= now);
        self.due = later;
        let due: Vec<(Timestamp, Timestamp, String)> = due;
        due.into_iter().filter(|(_, expires_at, _)| now < *expires_at).map(|(.., id)| id).collect()
    }
}
