//! The HTTP interface: one file for each thing it is about.
//!
//! Every handler is described for the OpenAPI document where it stands. To add one: a file (or a function
//! beside its like) with `#[utoipa::path]`, a line in [`api`], an [`access::Action`] it asks for, and an audit row
//! if it shows or changes anything about a person.

#![expect(
    unreachable_pub,
    reason = "the macros of the OpenAPI description want handlers and their types public"
)]

mod absences;
mod assets;
mod audit;
mod breadth;
mod case_looks;
mod channel_tests;
mod channels;
mod codes;
mod commands;
mod consents;
mod copy;
mod crowd;
mod day_list;
mod delivery;
mod dispatching;
mod document;
mod drawn;
mod drills;
mod enrolment;
mod exchange;
mod falls;
mod fences;
mod file;
mod fresh;
mod geojson;
mod guard;
mod habits;
mod handling;
mod handover;
mod handsets;
mod incident_acts;
mod incidents;
mod invitations;
mod ladder;
mod lasting;
mod live;
mod login;
mod looks;
mod me;
mod needs;
mod notices;
mod on_call;
mod pace;
mod page;
mod passwords;
mod phones;
mod places;
mod policies;
pub mod problem;
mod provisioning;
mod proxies;
mod quarantine;
mod redeem;
mod refusals;
mod relatives;
mod reports;
mod residents;
mod responders;
mod rights;
mod serve;
pub mod session;
mod sessions;
mod standing;
mod state;
mod stations;
mod status;
mod task_links;
mod tasks;
mod throttle;
mod tracks;
mod unread;
mod users;
mod whom;
mod words;
mod zones;

pub use crate::live::frames_in_words;
pub use absences::AbsenceView;
pub(crate) use fresh::code as fresh_code;
pub(crate) use lasting::Use;
pub use needs::in_words as routes_in_words;
pub use serve::Server;
pub use state::{App, MetricsText};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware,
    routing::{any, get},
};
use std::time::Duration;
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};
use utoipa::OpenApi;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt as _},
    routes,
};

/// No request of a dashboard comes near this.
const BODY_BYTES: usize = 64 * 1024;
/// A request that takes longer is answered with 503 and what it may mean.
const ANSWERED_WITHIN: Duration = Duration::from_secs(15);

#[derive(OpenApi)]
#[openapi(
    info(
        title = "居家樂 JuJiaLe",
        description = "Emergency-call and GPS tracking platform. Times are RFC 3339 in UTC, coordinates WGS-84. \
            Errors are problem documents (RFC 9457). The websocket is /api/live."
    ),
    components(schemas(
        crate::live::Snapshot,
        crate::view::IncidentView,
        crate::view::LivePosition,
        crate::view::ResponderView,
        crate::health::HealthView,
        tasks::ActName,
        problem::ProblemView
    ))
)]
struct Document;

/// The routes with their description.
fn api() -> OpenApiRouter<App> {
    let mut api = routes();
    document::complete(api.get_openapi_mut());
    api
}

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(login::log_in, login::log_out))
        .routes(routes!(login::me))
        .routes(routes!(me::change_password))
        .routes(routes!(redeem::redeem))
        .routes(routes!(me::offer_code, me::confirm_code, me::remove_code))
        .routes(routes!(sessions::lock))
        .routes(routes!(sessions::unlock))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
        .routes(routes!(users::list))
        .routes(routes!(users::change))
        .routes(routes!(users::end_sessions))
        .routes(routes!(invitations::invite, invitations::list))
        .routes(routes!(invitations::withdraw))
        .routes(routes!(invitations::read, invitations::join))
        .routes(routes!(consents::list, consents::add))
        .routes(routes!(consents::withdraw))
        .routes(routes!(relatives::list))
        .routes(routes!(relatives::end))
        .routes(routes!(relatives::withhold))
        .routes(routes!(relatives::give_back))
        .routes(routes!(looks::list))
        .routes(routes!(looks::review))
        .routes(routes!(incidents::list, incidents::open_call))
        .routes(routes!(incidents::read))
        .routes(routes!(incidents::events))
        .routes(routes!(incident_acts::claim))
        .routes(routes!(incident_acts::release))
        .routes(routes!(incident_acts::note))
        .routes(routes!(incident_acts::close))
        .routes(routes!(handling::confirm))
        .routes(routes!(handling::mark_step))
        .routes(routes!(handling::answer))
        .routes(routes!(handling::merge))
        .routes(routes!(handling::split))
        .routes(routes!(exchange::announce))
        .routes(routes!(drills::open, drills::end))
        .routes(routes!(drills::due))
        .routes(routes!(drills::windows))
        .routes(routes!(absences::list, absences::enter))
        .routes(routes!(absences::end))
        .routes(routes!(day_list::list))
        .routes(routes!(ladder::read, ladder::save))
        .routes(routes!(channels::roster, channels::put))
        .routes(routes!(channels::take_off))
        .routes(routes!(channels::list))
        .routes(routes!(channel_tests::test))
        .routes(routes!(notices::notices))
        .routes(routes!(delivery::report))
        .routes(routes!(dispatching::candidates))
        .routes(routes!(dispatching::dispatch))
        .routes(routes!(dispatching::transfer))
        .routes(routes!(dispatching::hand_over))
        .routes(routes!(dispatching::identify))
        .routes(routes!(dispatching::resolve))
        .routes(routes!(dispatching::reopen))
        .routes(routes!(responders::shared, responders::share))
        .routes(routes!(responders::of_incident))
        .routes(routes!(tasks::list))
        .routes(routes!(responders::put))
        .routes(routes!(tasks::act))
        .routes(routes!(task_links::read))
        .routes(routes!(task_links::act))
        .routes(routes!(reports::response::response))
        .routes(routes!(reports::response::review))
        .routes(routes!(reports::quarter::quarter))
        .routes(routes!(reports::reach::notices))
        .routes(routes!(reports::reach::handsets))
        .routes(routes!(file::file))
        .routes(routes!(stations::list))
        .routes(routes!(stations::put))
        .routes(routes!(codes::codes))
        .routes(routes!(residents::list, enrolment::add))
        .routes(routes!(residents::read, enrolment::change))
        .routes(routes!(fences::list, fences::add).layer(DefaultBodyLimit::max(drawn::FENCE_BYTES)))
        .routes(routes!(fences::change, fences::end).layer(DefaultBodyLimit::max(drawn::FENCE_BYTES)))
        .routes(routes!(policies::read, policies::put))
        .routes(routes!(habits::read, habits::forget))
        .routes(routes!(zones::list, zones::add).layer(DefaultBodyLimit::max(drawn::ZONE_BYTES)))
        .routes(routes!(zones::change, zones::end).layer(DefaultBodyLimit::max(drawn::ZONE_BYTES)))
        .routes(routes!(handsets::locate))
        .routes(routes!(commands::to_handset, commands::put))
        .routes(routes!(commands::about_incident))
        .routes(routes!(provisioning::list))
        .routes(routes!(provisioning::change))
        .routes(routes!(provisioning::bindings))
        .routes(routes!(provisioning::carried))
        .routes(routes!(provisioning::offer_claim))
        .routes(routes!(provisioning::provision))
        .routes(routes!(phones::list, phones::bind))
        .routes(routes!(phones::unbind))
        .routes(routes!(tracks::track))
        .routes(routes!(falls::list))
        .routes(routes!(rights::export))
        .routes(routes!(rights::erase))
        .routes(routes!(quarantine::list))
        .routes(routes!(audit::list))
        .routes(routes!(status::healthz))
        .routes(routes!(status::readyz))
}

/// The OpenAPI document as JSON.
pub fn openapi_json() -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(api().get_openapi())
}

/// Bytes as hexadecimal text.
fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// Everything that is served over HTTP. What handsets speak over it comes in as `doors`, which have limits of their own.
pub fn router(app: App, doors: Router) -> Router {
    let (api, _) = api().split_for_parts();
    api.route("/api/openapi.json", get(status::openapi))
        .route("/metrics", get(status::metrics))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWERED_WITHIN))
        .route("/api/live", get(live::live))
        .merge(doors.with_state(()))
        .route("/api/{*rest}", any(problem::no_such_route))
        .fallback(assets::file)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(middleware::from_fn_with_state(app.clone(), refusals::on_record))
        .layer(middleware::from_fn_with_state(app.clone(), guard::same_origin))
        .layer(middleware::from_fn_with_state(app.clone(), pace::keep))
        .layer(middleware::from_fn_with_state(app.clone(), guard::headers))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(middleware::from_fn(unread::read_on))
        .with_state(app)
}
