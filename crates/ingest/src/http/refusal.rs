//! What an app is told when its message was not taken: a problem document (RFC 9457), for whoever reads its log.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Soon enough for an app that waits in a queue.
const AGAIN_AFTER_S: u16 = 5;

/// Why a message was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No credentials, or nobody's.
    Credentials,
    /// They cannot be checked now, or the platform is stopping.
    Unavailable,
    /// Too many log-ins from there wait to be checked.
    Crowded,
    /// Too many ids that are nobody's came from there.
    TooManyIds,
    /// The message is packed, as gzip for instance.
    Packed,
    /// Neither the headers nor the address nor the message say which phone it is.
    Nameless,
    /// The phone is not bound to this handset.
    NotItsPhone,
    /// An OsmAnd id that is nobody's, in the query form.
    UnknownId,
    /// The same in the JSON form.
    UnknownDevice,
    /// The disk does not keep up.
    Busy,
    /// Not on disk yet.
    NotOnDisk,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::Credentials => StatusCode::UNAUTHORIZED,
            Self::Crowded | Self::TooManyIds => StatusCode::TOO_MANY_REQUESTS,
            Self::Nameless | Self::UnknownId => StatusCode::BAD_REQUEST,
            Self::Packed => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotItsPhone => StatusCode::FORBIDDEN,
            Self::UnknownDevice => StatusCode::NOT_FOUND,
            Self::Unavailable | Self::Busy | Self::NotOnDisk => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The name for programs, and the label in metrics.
    fn code(self) -> &'static str {
        match self {
            Self::Credentials => "bad_credentials",
            Self::Unavailable => "unavailable",
            Self::Crowded => "crowded",
            Self::TooManyIds => "too_many_ids",
            Self::Packed => "packed",
            Self::Nameless => "nameless",
            Self::NotItsPhone => "not_its_phone",
            Self::UnknownId | Self::UnknownDevice => "unknown_id",
            Self::Busy => "busy",
            Self::NotOnDisk => "not_on_disk",
        }
    }

    fn detail(self) -> &'static str {
        match self {
            Self::Credentials => "the user name is the handset's, with its password; one of them is wrong",
            Self::Unavailable => "nothing can be taken at this moment; send the message again",
            Self::Crowded => "too many log-ins from this address wait to be checked; send the message again",
            Self::TooManyIds => "too many unknown ids were tried from this address; send the message again",
            Self::Packed => "send it without Content-Encoding: nothing is unpacked here",
            Self::Nameless => {
                "say which phone it is: the headers X-Limit-U and X-Limit-D, or ?u=USER&d=DEVICE in the address"
            }
            Self::NotItsPhone => "this user and device are not bound to the handset that logged in",
            Self::UnknownId | Self::UnknownDevice => "no phone has this id; an administrator gives one out",
            Self::Busy => "more messages wait for the disk than can be kept; send this one again",
            Self::NotOnDisk => "the message is not on disk yet; send it again, it is kept once",
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        metrics::counter!("jujiale_phones_refused_total", "why" => self.code()).increment(1);
        let status = self.status();
        let body = json!({
            "type": format!("/problems/{}", self.code()),
            "title": status.canonical_reason().unwrap_or("Error"),
            "status": status.as_u16(),
            "detail": self.detail(),
            "code": self.code(),
        });
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        let mut put = |name: HeaderName, value: HeaderValue| drop(headers.insert(name, value));
        put(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match status {
            StatusCode::UNAUTHORIZED => {
                put(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static("Basic realm=\"jujiale\", charset=\"UTF-8\""),
                );
            }
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                put(header::RETRY_AFTER, HeaderValue::from(AGAIN_AFTER_S));
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                put(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
            }
            _ => {}
        }
        response
    }
}
