//! Passwords and codes: the rules, the hashing in turn, the second factor (RFC 6238).

use super::{App, fresh, problem::Problem, words::unprocessable};
use axum::http::StatusCode;
use model::Timestamp;
use store::{
    Account, AuditRow, Clock, JobError, UseSecondFactor,
    secrets::{self, Memory},
};
use totp_rs::{Builder, Secret};

/// Whether the account may be let in with what was typed.
pub(super) enum Checked {
    /// It is.
    Right(Account),
    /// Name or password is wrong.
    Wrong,
    /// They are right, and the account has been shut out.
    ShutOut,
    /// They are right, and a code of the second factor is asked for.
    CodeMissing,
    /// The code is wrong, or was used before.
    CodeWrong,
}

fn failed(detail: &impl ToString) -> Problem {
    tracing::error!(event = "log_in_failed", detail = detail.to_string());
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "logging in is not possible now; try again")
}

/// What is answered to somebody who has failed too often.
pub(super) fn throttled(wait_s: u64) -> Problem {
    let detail = format!("too many failed attempts; try again in {wait_s} s");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "throttled", detail).retry_after(wait_s)
}

/// Checks name, password and code. A name nobody has takes as long as a wrong password. Wrong codes are counted by that place.
pub(super) async fn check(
    app: &App,
    username: &str,
    place: &str,
    password: String,
    code: Option<&str>,
    now: Timestamp,
) -> Result<Checked, Problem> {
    let account = app.shared.store.account(username).await?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let check = move |memory: &mut Memory| {
        let Some(hash) = &hash else {
            memory.refuse(password.as_bytes());
            return false;
        };
        memory.verify(password.as_bytes(), hash)
    };
    let is_right = in_turn(app, check).await?;
    let Some(account) = account.filter(|_| is_right) else { return Ok(Checked::Wrong) };
    if account.disabled_at.is_some() {
        return Ok(Checked::ShutOut);
    }
    if !account.has_second_factor {
        return Ok(Checked::Right(account));
    }
    let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else {
        return Ok(Checked::CodeMissing);
    };
    Ok(if use_code(app, &account.username, place, code, now, Vec::new()).await? {
        Checked::Right(account)
    } else {
        Checked::CodeWrong
    })
}

/// The hash of a new password, if the password is one that may be used.
pub(super) async fn hash_new(app: &App, username: &str, password: &str) -> Result<String, Problem> {
    secrets::is_good_password(username, password).map_err(unprocessable)?;
    let password = password.to_owned();
    in_turn(app, move |_| secrets::hash_password(&password)).await?.map_err(|error| failed(&error))
}

/// In turn, and behind everything else: log-ins must not take the cores from the presses.
pub(super) async fn in_turn<T: Send + 'static>(
    app: &App,
    work: impl Fn(&mut Memory) -> T + Send + Sync + 'static,
) -> Result<T, Problem> {
    app.slow.run(work).await.ok_or_else(|| failed(&"the thread of slow hashes gave no answer"))
}

/// A secret for a second factor, as text.
pub(super) fn new_secret() -> Result<String, Problem> {
    Ok(Secret::from(fresh::random::<20>()?.as_slice()).to_base32())
}

/// What an authenticator app reads from the QR code.
pub(super) fn otpauth(username: &str, secret: &str) -> String {
    let name: String = form_urlencoded::byte_serialize(username.as_bytes()).collect();
    let name = name.replace('+', "%20");
    format!("otpauth://totp/JuJiaLe:{name}?secret={secret}&issuer=JuJiaLe&digits=6&period=30")
}

/// Whether the code is of the present time step or of one beside it, and of none that was used before. What goes on record
/// does so with its use. Whoever has failed too often at that place, a network or a session, has to wait. The step is that of the
/// wall clock, by which telephones go: ours may have begun with a wrong one.
pub(super) async fn use_code(
    app: &App,
    username: &str,
    place: &str,
    code: &str,
    now: Timestamp,
    audit: Vec<AuditRow>,
) -> Result<bool, Problem> {
    app.throttle.begin_code(username, place, now).map_err(throttled)?;
    let Some(secret) = app.shared.store.second_factor(username).await? else { return Ok(false) };
    let Some(step) = step_of(&secret, code, Clock::wall_now()) else { return Ok(false) };
    match app.shared.store.write(UseSecondFactor { username: username.to_owned(), step, audit }).await {
        Ok(()) => {
            app.throttle.code_was_right(username, place);
            Ok(true)
        }
        Err(JobError::Conflict) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn step_of(secret: &str, code: &str, now: Timestamp) -> Option<i64> {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).ok()?).build().ok()?;
    let step = totp.check(code, u64::try_from(now.as_second()).ok()?)?;
    i64::try_from(step).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's test vectors in base 32, and the last six digits of its SHA-1 codes.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    #[test]
    fn the_vectors_of_the_rfc_hold() {
        for (second, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(step_of(SECRET, code, at(second)), Some(second / 30), "{second}");
        }
    }

    #[test]
    fn a_code_is_right_for_a_step_around_its_own() {
        let step = |second| step_of(SECRET, "081804", at(second));
        let own = 1_111_111_109;
        assert_eq!((step(own - 30), step(own + 30)), (step(own), step(own)));
        assert_eq!((step(own - 60), step(own + 60)), (None, None));
        for wrong in ["", "81804", "0081804", "０８１８０４", "081805"] {
            assert_eq!(step_of(SECRET, wrong, at(own)), None, "{wrong}");
        }
        assert_eq!(step_of("not base 32!", "081804", at(own)), None);
    }

    #[test]
    fn a_name_is_quoted_for_the_app() {
        assert_eq!(
            otpauth("李 敏", "ABC"),
            "otpauth://totp/JuJiaLe:%E6%9D%8E%20%E6%95%8F?secret=ABC&issuer=JuJiaLe&digits=6&period=30"
        );
    }
}
