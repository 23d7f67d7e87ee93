//! What keeps a task of the background from its work for now, and what only one row keeps it from.

use std::fmt::Display;
use store::{JobError, StoreError, is_writer_gone};

/// The store could not be read, or did not write.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error(transparent)]
    Read(#[from] StoreError),
    #[error(transparent)]
    Write(#[from] JobError),
}

impl Trouble {
    /// Whether it comes again at every try, because of what stands in the row. A store that is away is no row's fault, and neither is
    /// somebody who was faster.
    fn is_the_rows_own(&self) -> bool {
        match self {
            Self::Read(StoreError::Broken { .. }) => true,
            Self::Read(StoreError::Write { source, .. }) | Self::Write(source) => {
                !is_writer_gone(source) && !matches!(source, JobError::Conflict)
            }
            Self::Read(
                StoreError::Url { .. }
                | StoreError::Open(_)
                | StoreError::Migrate(_)
                | StoreError::Read { .. }
                | StoreError::Keys { .. }
                | StoreError::Kind(_),
            ) => false,
        }
    }
}

/// What was done about one row of many; nothing if that failed by the row's own fault: it is named among those that are passed over,
/// and keeps none of the others back.
pub(crate) fn pass_over<T>(
    passed_over: &mut Vec<String>,
    row: impl Display,
    done: Result<T, Trouble>,
) -> Result<Option<T>, Trouble> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(trouble) if trouble.is_the_rows_own() => {
            passed_over.push(format!("{row}: {trouble}"));
            Ok(None)
        }
        Err(trouble) => Err(trouble),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_passed_over_for_its_own_fault_alone() {
        let broken = || StoreError::Broken { what: "a notice", problem: "no JSON".to_owned() };
        for (trouble, is_own) in [
            (Trouble::Read(broken()), true),
            (Trouble::Write(JobError::Broken("no key".to_owned())), true),
            (Trouble::Write(JobError::Conflict), false),
            (Trouble::Read(StoreError::Kind("a demo".to_owned())), false),
        ] {
            let said = trouble.to_string();
            let mut passed_over = Vec::new();
            let done = pass_over::<()>(&mut passed_over, 7, Err(trouble));
            assert_eq!((done.is_ok(), passed_over.len()), (is_own, usize::from(is_own)), "{said}");
            assert!(passed_over.iter().all(|row| *row == format!("7: {said}")), "{passed_over:?}");
        }
        assert!(matches!(pass_over(&mut Vec::new(), 7, Ok(1)), Ok(Some(1))));
    }
}
