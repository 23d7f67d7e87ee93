//! The built dashboards, carried in the binary.

use super::{guard, hexadecimal, problem::Problem};
use axum::{
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../dashboards/dist"]
struct Dashboards;

/// A file by its path; `station` is the page `station/index.html`, `family` likewise. The console's shell answers for pages; a missing asset is missing, so that a browser with an old
/// shell notices instead of running half of it.
pub(super) async fn file(uri: Uri, headers: HeaderMap) -> Response {
    if leads_astray(uri.path()) {
        let mut response = Problem::not_found("file").into_response();
        response.extensions_mut().insert(guard::Astray);
        return response;
    }
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = Dashboards::get(path).filter(|_| !path.is_empty() && path != "index.html") {
        return serve(path, file, &headers);
    }
    let own_page = format!("{}/index.html", path.trim_end_matches('/'));
    if let Some(page) = Dashboards::get(&own_page).filter(|_| !path.is_empty()) {
        return serve(&own_page, page, &headers);
    }
    let is_page = !path.contains('.') && !path.starts_with("assets/");
    match Dashboards::get("index.html").filter(|_| is_page || path == "index.html") {
        Some(shell) => serve("index.html", shell, &headers),
        None => Problem::not_found("file").into_response(),
    }
}

/// Whether a path means another place than it names: out of its folder, with nothing between two slashes, or with a slash that does
/// not look like one. No page has such a path.
fn leads_astray(path: &str) -> bool {
    let Some(rest) = path.strip_prefix('/').filter(|rest| !rest.is_empty()) else { return false };
    let rest = rest.strip_suffix('/').unwrap_or(rest).to_ascii_lowercase();
    let hides_something = ["%2f", "%5c", "%00", "\\"].into_iter().any(|sign| rest.contains(sign));
    hides_something || rest.replace("%2e", ".").split('/').any(|part| matches!(part, "" | "." | ".."))
}

fn serve(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", hexadecimal(&file.metadata.sha256_hash()[..16]));
    let caching =
        if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let answer = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, caching.to_owned())];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, answer).into_response();
    }
    let kind = mime_guess::from_path(path).first_or_octet_stream().to_string();
    (answer, [(header::CONTENT_TYPE, kind)], file.data).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_means_another_place_is_known() {
        for path in
            ["/", "/station", "/station/", "/assets/index-1.js", "/a..b/...", "/handsets/%E5%B1%85", "*"]
        {
            assert!(!leads_astray(path), "{path}");
        }
        for path in [
            "//",
            "//etc/passwd",
            "/a//b",
            "/station//",
            "/..",
            "/../etc/passwd",
            "/assets/./x",
            "/assets/%2e%2E/keys.json",
            "/.%2e/x",
            "/..%2f..%2Fetc/passwd",
            "/tiles/..%5C..%5cetc",
            "/tiles/..\\etc",
            "/assets/%00",
        ] {
            assert!(leads_astray(path), "{path}");
        }
    }
}
