//! The journal of fixes: appended in batches as they come, sorted by handset in the background, kept by the hour.
//!
//! Ten thousand fixes a second of as many handsets cannot each go to a place of their own: every one would rewrite a page.
//! So a fix takes three forms, each a [`block::Block`] of many, written by [`codec`]:
//!
//! 1. **The log** (`fix_log`): what [`AppendFixes`] brings, one row a batch, in the order of arrival. Whoever follows the
//!    journal reads it by number with [`Store::journal_after`], and holds it back by a row in `cursors` whose name begins
//!    with [`READER`].
//! 2. **Shelves** (`fix_blocks`): [`moving`] sorts the log down by handset, sixteen ways at each step ([`slots`],
//!    [`arrange`]), so that a handset's fixes are found in some ten blocks. Exact to the last bit.
//! 3. **Hours** (`track_hours`): what is older than the window, a handset's fixes of one hour under the resident who carried
//!    it then ([`hours`] says what is rounded). Tracks end here, until retention removes them ([`removal`]).
//!
//! Every step from one form to the next is one small transaction that puts in what it takes out, so that a crash at any
//! moment loses and doubles nothing; `journal.settled` = fixes in blocks + in hours + removed, and `jujiale check` adds it
//! up. A block that cannot be read goes to quarantine, whole; its fixes are removed too, and `journal.broken` counts them
//! once more, so that the check tells a loss from what had its time. All that reads looks at the three forms at one moment ([`reading`]).

mod arrange;
pub(crate) mod block;
mod carry_over;
pub(crate) mod codec;
mod hours;
mod job;
mod moving;
mod reading;
mod removal;
pub(crate) mod slots;
mod summary;

pub use codec::reread;
pub use moving::{Compactor, Step};
pub use reading::{JournalPage, NumberedFix};
pub use removal::{Kept, RemoveErasedTracks};

pub(crate) use carry_over::carry_over;
pub(crate) use hours::hour_of;
pub(crate) use reading::{Stored, decode_hour, decoded, stored_between};

use crate::{Connection, Job, JobError, Lane, db::on};
use arrange::FULL;
use async_trait::async_trait;
use block::Block;
use model::{Fix, HandsetId, Timestamp};

/// How the name of a cursor begins that reads the log. The log is kept until all of these have read it.
pub const READER: &str = "journal:";

/// A fix of a handset with the time it reached us.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalFix {
    /// Whose.
    pub handset: HandsetId,
    /// The fix, with the time that is believed.
    pub fix: Fix,
    /// The time the handset told, where another one is believed.
    pub told_time: Option<Timestamp>,
    /// When it reached us.
    pub received_at: Timestamp,
}

/// Appends fixes in the order given.
#[derive(Debug)]
pub struct AppendFixes(pub Vec<JournalFix>);

#[async_trait]
impl Job for AppendFixes {
    type Output = ();
    const LANE: Lane = Lane::Fixes;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        for fixes in self.0.chunks(FULL) {
            let block = Block::of(fixes, 0).map_err(|error| JobError::Broken(error.to_string()))?;
            append(connection, &block).await?;
        }
        Ok(())
    }
}

async fn append(connection: &mut Connection, block: &Block) -> Result<(), JobError> {
    let span = block.span();
    on!(Connection, connection, to => sqlx::query(
        "INSERT INTO fix_log (row_id, fixes, from_us, to_us, received_us, body)
         SELECT COALESCE((SELECT row_id + fixes FROM fix_log ORDER BY row_id DESC LIMIT 1), 1), $1, $2, $3, $4, $5",
    )
    .bind(i64::try_from(block.rows.len()).unwrap_or(i64::MAX))
    .bind(span.from_us)
    .bind(span.to_us)
    .bind(span.received_us)
    .bind(block.encode())
    .execute(to)
    .await
    .map(drop))?;
    Ok(())
}
