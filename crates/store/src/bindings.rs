//! Whose a fix was: who carried its handset at that moment; and which handsets somebody carried.

use crate::{
    JobError, Store, StoreError,
    db::{View, on},
    reading, rows,
};
use model::{HandsetId, ResidentId, Timestamp};

/// A time for which a resident carried a handset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Which.
    pub handset: HandsetId,
    /// Whether an app of a telephone stands in its place now.
    pub is_telephone: bool,
    /// Since when.
    pub from: Timestamp,
    /// Until when.
    pub to: Option<Timestamp>,
}

impl Store {
    /// Every handset that a resident carried, the newest first.
    pub async fn carried_by(&self, resident: &ResidentId) -> Result<Vec<Carried>, StoreError> {
        let what = "what a resident carried";
        let found: Vec<(String, bool, i64, Option<i64>)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT handset_id, EXISTS (SELECT 1 FROM phones WHERE phones.handset_id = bindings.handset_id), from_us, to_us
             FROM bindings WHERE resident_id = $1 ORDER BY from_us DESC, handset_id",
        )
        .bind(resident.as_str())
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        let carried = |(handset, is_telephone, from, to): (String, bool, i64, Option<i64>)| {
            let to = to.map(|to| rows::time(what, to)).transpose()?;
            let handset = rows::handset(what, handset)?;
            Ok(Carried { handset, is_telephone, from: rows::time(what, from)?, to })
        };
        found.into_iter().map(carried).collect()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
struct BindingRow {
    handset_id: String,
    resident_id: String,
    from_us: i64,
    to_us: Option<i64>,
}

/// A time for which a resident carries a handset; `to_us` is the first moment after it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Binding {
    handset: HandsetId,
    resident: ResidentId,
    from_us: i64,
    to_us: i64,
}

/// The bindings of some handsets, the latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bindings(Vec<Binding>);

impl Bindings {
    fn of(rows: Vec<BindingRow>) -> Result<Self, JobError> {
        let binding = |row: BindingRow| {
            Ok(Binding {
                handset: HandsetId::new(row.handset_id)
                    .map_err(|error| JobError::Broken(error.to_string()))?,
                resident: ResidentId::new(row.resident_id)
                    .map_err(|error| JobError::Broken(error.to_string()))?,
                from_us: row.from_us,
                to_us: row.to_us.unwrap_or(i64::MAX),
            })
        };
        let mut all = rows.into_iter().map(binding).collect::<Result<Vec<_>, JobError>>()?;
        all.sort_by(|a, b| a.handset.cmp(&b.handset).then(b.from_us.cmp(&a.from_us)));
        Ok(Self(all))
    }

    /// Who carried the handset then. Of two bindings that overlap the one that began later counts.
    pub(crate) fn owner(&self, handset: &HandsetId, at_us: i64) -> Option<&ResidentId> {
        self.0
            .iter()
            .find(|binding| binding.handset == *handset && binding.from_us <= at_us && at_us < binding.to_us)
            .map(|binding| &binding.resident)
    }

    /// The handsets that a resident carried at some time within `from_us..to_us`, each with the time that holds all
    /// of it.
    pub(crate) fn carried(
        &self,
        resident: &ResidentId,
        from_us: i64,
        to_us: i64,
    ) -> Vec<(&HandsetId, i64, i64)> {
        let mut found: Vec<(&HandsetId, i64, i64)> = Vec::new();
        for binding in self.0.iter().filter(|binding| binding.resident == *resident) {
            let (from, to) = (binding.from_us.max(from_us), binding.to_us.min(to_us));
            match found.last_mut().filter(|last| *last.0 == binding.handset) {
                _ if from >= to => {}
                Some(last) => (last.1, last.2) = (last.1.min(from), last.2.max(to)),
                None => found.push((&binding.handset, from, to)),
            }
        }
        found
    }
}

/// All bindings of these handsets.
pub(crate) async fn of_handsets(view: &mut View<'_>, handsets: &[HandsetId]) -> Result<Bindings, JobError> {
    let mut rows: Vec<BindingRow> = Vec::new();
    for handset in handsets {
        rows.extend(on!(View, view, to => sqlx::query_as::<_, BindingRow>(
            "SELECT handset_id, resident_id, from_us, to_us FROM bindings WHERE handset_id = $1",
        )
        .bind(handset.as_str())
        .fetch_all(&mut **to)
        .await)?);
    }
    Bindings::of(rows)
}

/// All bindings of every handset that a resident ever carried.
pub(crate) async fn around(view: &mut View<'_>, resident: &ResidentId) -> Result<Bindings, JobError> {
    let rows = on!(View, view, to => sqlx::query_as::<_, BindingRow>(
        "SELECT handset_id, resident_id, from_us, to_us FROM bindings
         WHERE handset_id IN (SELECT handset_id FROM bindings WHERE resident_id = $1)",
    )
    .bind(resident.as_str())
    .fetch_all(&mut **to)
    .await)?;
    Bindings::of(rows)
}
