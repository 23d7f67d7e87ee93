//! Which accounts belong to a part of the district, said once for all lists and acts that end at its border.

use crate::{Store, StoreError, db::on, micros, reading};
use model::{Division, Timestamp};

/// True of a row of `users` that is within the scope `$2` at the time `$1`; the empty text is everybody's scope. The desk and
/// those who keep the platform are where their own scope is; the family is where a resident of theirs lives, or nowhere on
/// record; a station goes to everybody, unless its account has a scope.
macro_rules! is_within_scope {
    () => {
        "($2 = '' OR users.scope LIKE $2 || '%' OR (users.scope IS NULL AND users.role = 'station')
           OR (users.scope IS NULL AND users.role = 'relative' AND COALESCE((
             SELECT MAX(CASE WHEN residents.division IS NULL OR residents.division LIKE $2 || '%' THEN 1 ELSE 0 END)
             FROM grants JOIN residents ON residents.resident_id = grants.resident_id
             WHERE grants.username = users.username AND grants.from_us <= $1
               AND (grants.to_us IS NULL OR grants.to_us > $1)), 1) = 1))"
    };
}
pub(crate) use is_within_scope;

impl Store {
    /// Whether an account is there and belongs to this part of the district; to the whole of it if none is named.
    pub async fn is_account_within(
        &self,
        username: &str,
        scope: Option<&Division>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (found,): (i64,) = on!(Pool, &self.pool, to => sqlx::query_as(concat!(
            "SELECT COUNT(*) FROM users WHERE users.username = $3 AND ",
            is_within_scope!()
        ))
        .bind(micros(now))
        .bind(scope.map_or("", Division::as_str))
        .bind(username)
        .fetch_one(to)
        .await)
        .map_err(reading("an account"))?;
        Ok(found > 0)
    }
}
