//! Telephones in place of a handset, for the administrator: which are bound to it, binding one and ending that.
//!
//! The app of an OwnTracks phone is named by its user and its device and logs in as the handset. An OsmAnd phone shows
//! nothing but an id, which is made here and told once.

use super::{
    App, fresh, handsets::known, problem::Problem, provisioning::may_manage, session::Visitor,
    words::unprocessable,
};
use crate::view::Page;
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use model::HandsetId;
use protocol::{OsmAndId, Passphrase, PhoneName};
use serde::{Deserialize, Serialize};
use store::{BindOsmAnd, BindOwnTracks, HandsetState, JobError, Phone, UnbindPhone};
use utoipa::ToSchema;

/// The name of a handset's only OsmAnd phone, and of its kind.
const OSMAND: &str = "osmand";
const OWNTRACKS: &str = "owntracks";

/// A telephone that stands in for a handset.
#[derive(Serialize, ToSchema)]
pub struct PhoneItem {
    /// By which it is unbound: the topic of an OwnTracks app, or `osmand`.
    phone: String,
    /// `owntracks` or `osmand`.
    kind: &'static str,
    /// The user of an OwnTracks app.
    user: Option<String>,
    /// Its device.
    device: Option<String>,
    /// The id that OsmAnd or Traccar Client shows. It is told this once, when the phone is bound.
    id: Option<String>,
}

impl std::fmt::Debug for PhoneItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhoneItem").field("phone", &self.phone).finish_non_exhaustive()
    }
}

impl From<&Phone> for PhoneItem {
    fn from(phone: &Phone) -> Self {
        match phone {
            Phone::OwnTracks(name) => Self {
                phone: name.topic(),
                kind: OWNTRACKS,
                user: Some(name.user().to_owned()),
                device: Some(name.device().to_owned()),
                id: None,
            },
            Phone::OsmAnd => {
                Self { phone: OSMAND.to_owned(), kind: OSMAND, user: None, device: None, id: None }
            }
        }
    }
}

/// The telephones that are bound to a handset.
#[utoipa::path(get, path = "/api/handsets/{id}/phones", operation_id = "list_phones", params(("id" = String, Path)), responses(
    (status = 200, body = Page<PhoneItem>), (status = 404, body = super::problem::ProblemView)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<Page<PhoneItem>>, Problem> {
    visitor.may(Action::ManageHandsets, &Subject::Nothing, None)?;
    let (handset, _) = known(&app, id).await?;
    may_manage(&app, &visitor, &handset).await?;
    let found = app.shared.store.phones_of(&handset).await?;
    visitor.record("list_phones", handset.as_str(), format!("{} shown", found.len())).await?;
    Ok(Json(Page { items: found.iter().map(PhoneItem::from).collect(), next: None }))
}

/// A telephone to be bound.
#[derive(Deserialize, ToSchema)]
pub struct NewPhone {
    /// `owntracks`, or `osmand` for OsmAnd and Traccar Client.
    kind: String,
    /// Of OwnTracks: the user in its topic.
    user: Option<String>,
    /// Of OwnTracks: the device in its topic.
    device: Option<String>,
    /// Of OwnTracks, if its messages are sealed: the encryption key that is typed into the app, at most 32 bytes.
    passphrase: Option<String>,
}

impl std::fmt::Debug for NewPhone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPhone").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Binds a telephone to a handset. An OwnTracks app logs in with the handset's name and secret; OsmAnd and Traccar Client
/// show the id that is told here once, and the one that the handset had before is void.
#[utoipa::path(post, path = "/api/handsets/{id}/phones", operation_id = "bind_phone", params(("id" = String, Path)),
    request_body = NewPhone, responses(
    (status = 201, body = PhoneItem), (status = 404, body = super::problem::ProblemView),
    (status = 409, body = super::problem::ProblemView, description = "The handset is not in use, the app is another handset's, or somebody else has just bound it."),
    (status = 422, body = super::problem::ProblemView)))]
pub async fn bind(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(request): Json<NewPhone>,
) -> Result<(StatusCode, Json<PhoneItem>), Problem> {
    visitor.may(Action::ManageHandsets, &Subject::Nothing, None)?;
    let (handset, state) = known(&app, id).await?;
    may_manage(&app, &visitor, &handset).await?;
    if state != HandsetState::Active {
        let detail = format!("this handset is {}; take it into use first", state.as_str());
        return Err(Problem::new(StatusCode::CONFLICT, "not_in_use", detail));
    }
    let bound = match request.kind.as_str() {
        OWNTRACKS => bind_owntracks(&app, &visitor, handset, request).await?,
        OSMAND => bind_osmand(&app, &visitor, handset).await?,
        _ => return Err(unprocessable("kind is one of: owntracks, osmand")),
    };
    Ok((StatusCode::CREATED, Json(bound)))
}

async fn bind_owntracks(
    app: &App,
    visitor: &Visitor,
    handset: HandsetId,
    request: NewPhone,
) -> Result<PhoneItem, Problem> {
    let words = |text: Option<String>| text.unwrap_or_default().trim().to_owned();
    let name = PhoneName::new(words(request.user), words(request.device))
        .map_err(|error| unprocessable(error.to_string()))?;
    // Space at the ends of a passphrase is typed into the app too.
    let passphrase = request.passphrase.filter(|words| !words.is_empty());
    if let Some(words) = &passphrase {
        Passphrase::new(words).map_err(|error| unprocessable(error.to_string()))?;
    }
    let from = app.shared.store.handset_of_phone(&name).await?;
    if from.as_ref().is_some_and(|whose| *whose != handset) {
        let detail =
            format!("{name} is bound to another handset; unbind it there first, or choose another name");
        return Err(Problem::new(StatusCode::CONFLICT, "phone_taken", detail));
    }
    let bound = PhoneItem::from(&Phone::OwnTracks(name.clone()));
    let audit = vec![visitor.audit("bind_phone", handset.as_str(), bound.phone.clone())];
    let keys = app.shared.store.keys().clone();
    let bind = BindOwnTracks { handset, from, name, passphrase, keys, audit };
    app.shared.store.write(bind).await.map_err(or_changed)?;
    Ok(bound)
}

/// Somebody else was there between the look and the write.
fn or_changed(error: JobError) -> Problem {
    match error {
        JobError::Conflict => Problem::new(
            StatusCode::CONFLICT,
            "phone_changed",
            "somebody else has just bound this telephone; look at the list, then bind it again if it must be",
        ),
        error => error.into(),
    }
}

async fn bind_osmand(app: &App, visitor: &Visitor, handset: HandsetId) -> Result<PhoneItem, Problem> {
    let shown = fresh::code()?;
    let id = OsmAndId::new(shown.clone()).map_err(|error| unprocessable(error.to_string()))?;
    let audit = vec![visitor.audit("bind_phone", handset.as_str(), OSMAND)];
    let from = app.shared.store.osmand_of(&handset).await?;
    let keys = app.shared.store.keys().clone();
    app.shared.store.write(BindOsmAnd { handset, from, id, keys, audit }).await.map_err(or_changed)?;
    Ok(PhoneItem { id: Some(shown), ..PhoneItem::from(&Phone::OsmAnd) })
}

/// Ends the binding of a telephone. What it sends from then on is refused, also from a connection that is up.
#[utoipa::path(delete, path = "/api/handsets/{id}/phones/{phone}", operation_id = "unbind_phone",
    params(("id" = String, Path), ("phone" = String, Path)), responses(
    (status = 204, description = "It is bound no more."), (status = 404, body = super::problem::ProblemView)))]
pub async fn unbind(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, phone)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    visitor.may(Action::ManageHandsets, &Subject::Nothing, None)?;
    let (handset, _) = known(&app, id).await?;
    may_manage(&app, &visitor, &handset).await?;
    let bound = app.shared.store.phones_of(&handset).await?;
    let found = bound.into_iter().find(|bound| PhoneItem::from(bound).phone == phone);
    let bound = found.ok_or_else(|| Problem::not_found("phone"))?;
    let audit = vec![visitor.audit("unbind_phone", handset.as_str(), phone)];
    app.shared.store.write(UnbindPhone { handset, phone: bound, audit }).await?;
    Ok(StatusCode::NO_CONTENT)
}
