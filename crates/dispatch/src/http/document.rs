//! The description of the interface (OpenAPI), completed by what holds for every route.

use utoipa::openapi::{
    Content, OpenApi, RefOr, Response,
    content::ContentBuilder,
    path::{Operation, PathItem},
    response::ResponseBuilder,
};

/// How problems are sent.
const PROBLEM: &str = "application/problem+json";

/// Problems that every route may answer with, beside those of its own.
const EVERYWHERE: [(&str, &str); 11] = [
    ("400", "The request cannot be understood."),
    ("401", "Nobody is logged in."),
    ("403", "Not for this account, or a reason is needed; the detail says why."),
    ("404", "There is nothing under this name, or nothing that the account may see."),
    ("405", "The route has no such method."),
    ("413", "The body is too large."),
    ("415", "The body is not JSON."),
    ("422", "A field cannot be taken; the detail says which and why."),
    ("423", "The screen is locked."),
    ("429", "Too many failures or requests; wait."),
    ("503", "The records cannot be read or written at this moment, or it took too long."),
];

/// Says of every operation which problems it may answer with, and how they are sent.
pub(super) fn complete(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            for response in operation.responses.responses.values_mut() {
                send_as_problem(response);
            }
            for (status, words) in EVERYWHERE {
                operation
                    .responses
                    .responses
                    .entry(status.to_owned())
                    .or_insert_with(|| RefOr::T(problem(words)));
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().flatten()
}

/// Handlers say what a problem is; how it is sent is the same for all.
fn send_as_problem(response: &mut RefOr<Response>) {
    let RefOr::T(response) = response else { return };
    if let Some(content) = response.content.shift_remove("application/json") {
        let kind = if is_problem(&content) { PROBLEM } else { "application/json" };
        response.content.insert(kind.to_owned(), content);
    }
}

fn is_problem(content: &RefOr<Content>) -> bool {
    let RefOr::T(content) = content else { return false };
    matches!(&content.schema, Some(RefOr::Ref(to)) if to.ref_location.ends_with("/ProblemView"))
}

fn problem(words: &str) -> Response {
    let schema = RefOr::Ref(utoipa::openapi::Ref::from_schema_name("ProblemView"));
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(words).content(PROBLEM, content).build()
}
