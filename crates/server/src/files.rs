//! How many files may be open, for each handset's connection is one; and who reads those that are made.

use rustix::{
    fs::Mode,
    process::{Resource, Rlimit, getrlimit, setrlimit, umask},
};

/// What is made from now on is for its owner alone: records and copies hold everything about everybody.
pub(crate) fn keep_to_owner() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// Raises the soft limit of open files to the hard one, as any service with thousands of connections must; gives what
/// holds now, `None` if nothing limits it.
pub(crate) fn raise_limit() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return limit.current;
    }
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => {
            tracing::info!(event = "file_limit_raised", from = limit.current, to = limit.maximum);
            limit.maximum
        }
        Err(error) => {
            tracing::warn!(event = "file_limit_not_raised", %error, stays = limit.current);
            limit.current
        }
    }
}
