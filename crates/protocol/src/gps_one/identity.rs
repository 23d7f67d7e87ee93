//! When are two messages the same? Only when everything that tells them apart is equal.

use model::{HandsetId, Timestamp};

/// What tells one press or fall from every other of its handset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts<'a> {
    pub(crate) id: Option<&'a str>,
    pub(crate) boot: Option<&'a str>,
    pub(crate) seq: Option<u64>,
    pub(crate) time: Option<Timestamp>,
    pub(crate) time_text: Option<&'a str>,
    /// `press`, `cancel`, `fall` or `fall_cancel`: no two kinds are ever the same message.
    pub(crate) kind: &'static str,
}

impl Parts<'_> {
    /// One canonical text of the parts, each with its length, so that none runs into the next. A time is its
    /// text whether it was believed or not: whether it is depends on when it arrives, and a repeat arrives later.
    pub(crate) fn identity(self, handset: &HandsetId) -> Option<String> {
        let id = self.id?;
        let time = self.time.map(|time| time.to_string()).or_else(|| self.time_text.map(str::to_owned));
        let is_counted = self.boot.is_some() && self.seq.is_some();
        if !is_counted && time.is_none() {
            return None;
        }
        let seq = self.seq.map(|seq| seq.to_string());
        let parts =
            [Some(self.kind), Some(handset.as_str()), Some(id), self.boot, seq.as_deref(), time.as_deref()];
        Some(parts.map(prefixed).join("|"))
    }
}

fn prefixed(part: Option<&str>) -> String {
    part.map_or_else(|| "-".to_owned(), |text| format!("{}:{text}", text.len()))
}
