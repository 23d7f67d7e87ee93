//! What is done on the machine stands in the audit log as the system's own act.

use model::Timestamp;
use store::AuditRow;

/// An act of whoever keeps the machine.
pub(crate) fn by_hand(action: &str, subject: &str, detail: String, at: Timestamp) -> AuditRow {
    AuditRow {
        at,
        username: "system".to_owned(),
        source: "command line".to_owned(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        detail,
    }
}
