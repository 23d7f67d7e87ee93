//! What can be asked of an incident.

use crate::Contact;
use model::{Signal, SignedDuration};

/// Something that comes to an incident from outside: a signal, a person's act, or time.
///
/// Whether a person may do such a thing at all is not asked here; that is `access`. What is asked here
/// is whether the thing can be done to this incident now.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Something asks for attention. Opens an incident, or joins the open one.
    Signal(Box<Signal>),
    /// An operator takes the incident.
    Claim {
        /// The account.
        by: String,
    },
    /// The incident is handed back, and the ladder begins anew.
    Release {
        /// The account.
        by: String,
        /// Whether the account may release what another holds.
        role_may_override: bool,
        /// Why; may be empty.
        reason: String,
    },
    /// Something was done or learnt.
    Note {
        /// The account.
        by: String,
        /// What; may be empty if a contact is named.
        text: String,
        /// Who was spoken to.
        contact: Option<Contact>,
    },
    /// The case is over.
    Close {
        /// The account.
        by: String,
        /// Whether the account may close what another holds.
        role_may_override: bool,
        /// A code of [`CAUSES`](crate::CAUSES).
        cause: String,
        /// A code of [`OUTCOMES`](crate::OUTCOMES).
        outcome: String,
        /// What the codes cannot say; may be empty.
        note: String,
    },
    /// The stored deadline may have passed; too early does no harm.
    DeadlinePassed,
    /// Our clock was set back: what is left of every deadline stays what it was.
    ClockWentBack {
        /// By how much; nothing happens unless it is above zero.
        by: SignedDuration,
    },
}
