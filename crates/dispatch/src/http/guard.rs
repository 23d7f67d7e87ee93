//! What holds for every request: where it may come from, and what the answer tells the browser.

use super::{App, problem::Problem, serve::Encrypted, session};
use axum::{
    body::to_bytes,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

/// Scripts, styles and connections of this origin alone. Styles may stand in the page: the component
/// library writes them there.
const CONTENT_SECURITY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What a request is told that was not answered in time.
const TOO_SLOW: &str = "the platform did not answer in time; look whether it was taken before trying again";
/// Signs of a foreign origin that the log tells.
const ORIGIN_TOLD: usize = 100;
/// The framework's refusals are a sentence.
const REFUSAL_BYTES: usize = 8 * 1024;

/// The answer to a path that means another place than it names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Astray;

/// A page of another origin may neither change anything nor open the live websocket with this browser's
/// session. Programs send no Origin and have no cookie of a browser.
pub(super) async fn same_origin(State(app): State<App>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_upgrade = headers.contains_key(header::UPGRADE);
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) && !is_upgrade;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin = headers.get(header::ORIGIN).map(HeaderValue::to_str);
    let comes_from_here = match origin {
        None => true,
        Some(Ok(origin)) => origin.split_once("://").map(|(_, origin_host)| origin_host) == host,
        Some(Err(_)) => false,
    };
    if is_safe || comes_from_here {
        return next.run(request).await;
    }
    let told: String = origin.and_then(Result::ok).unwrap_or_default().chars().take(ORIGIN_TOLD).collect();
    app.refusals.write_foreign(&told, session::peer_in(request.extensions()), app.shared.clock.now());
    Problem::forbidden("the request comes from a page of another origin").into_response()
}

/// Headers of every answer.
pub(super) async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let is_encrypted = request.extensions().get::<Encrypted>().is_some();
    // As it is described: in what was asked a code may stand.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let peer = session::peer_in(request.extensions());
    let mut response = as_problem(next.run(request).await, is_api).await;
    let (status, route) = (response.status(), route.as_ref().map(MatchedPath::as_str));
    if response.extensions().get::<Astray>().is_some() || is_refusal(status, route) {
        app.refusals.write(status, route, peer, app.shared.clock.now());
    }
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "no-referrer");
    put(header::X_FRAME_OPTIONS, "DENY");
    if is_encrypted {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if is_api {
        put(header::CACHE_CONTROL, "no-store");
    }
    response
}

/// Attempts at what is not one's own are seen in the figures and in the log; so is what was given up because it took too long.
fn is_refusal(status: StatusCode, route: Option<&str>) -> bool {
    match status {
        StatusCode::UNAUTHORIZED
        | StatusCode::FORBIDDEN
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::TOO_MANY_REQUESTS => true,
        // Whoever watches over the platform asks whether it is ready, and is not refused by a no.
        StatusCode::SERVICE_UNAVAILABLE => route != Some("/readyz"),
        // What is withheld looks as if it were not there, and what is no request of a page was made by hand.
        StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST => {
            route.is_some_and(|route| route.starts_with("/api/"))
        }
        _ => false,
    }
}

/// What the framework itself refuses (a body that is no JSON, a method that is not there) says so in plain text;
/// callers of the interface get a problem document like for any other error.
async fn as_problem(response: Response, is_api: bool) -> Response {
    let status = response.status();
    let is_document = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/"));
    if !is_api || is_document || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let text = match to_bytes(response.into_body(), REFUSAL_BYTES).await {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => error.to_string(),
    };
    let detail = match status {
        StatusCode::SERVICE_UNAVAILABLE if text.is_empty() => TOO_SLOW.to_owned(),
        _ if text.is_empty() => status.canonical_reason().unwrap_or_default().to_owned(),
        _ => text,
    };
    let code = match status {
        StatusCode::METHOD_NOT_ALLOWED => "method_not_allowed",
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "not_json",
        StatusCode::SERVICE_UNAVAILABLE => "too_slow",
        _ => "bad_request",
    };
    Problem::new(status, code, detail).into_response()
}
