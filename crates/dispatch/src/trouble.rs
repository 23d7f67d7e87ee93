//! What keeps a task of the background from its work for now.

use store::{JobError, StoreError};

/// The store could not be read, or did not write.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error(transparent)]
    Read(#[from] StoreError),
    #[error(transparent)]
    Write(#[from] JobError),
}
