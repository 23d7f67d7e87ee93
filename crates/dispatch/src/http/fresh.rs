//! Names, codes and tokens that nobody can guess.

use super::{hexadecimal, problem::Problem};
use axum::http::StatusCode;

/// The name of a record.
pub(super) fn id(kind: &str) -> Result<String, Problem> {
    Ok(format!("{kind}-{}", hexadecimal(&random::<8>()?)))
}

/// The secret in a link or a QR code.
pub(crate) fn code() -> Result<String, Problem> {
    Ok(hexadecimal(&random::<16>()?))
}

/// The secret of a session.
pub(super) fn token() -> Result<String, Problem> {
    Ok(hexadecimal(&random::<32>()?))
}

/// Bytes from the operating system.
pub(super) fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0u8; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(event = "no_randomness", %error);
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "this is not possible now; try again")
    })?;
    Ok(bytes)
}
