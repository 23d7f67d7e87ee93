//! What an OwnTracks app is asked to do.

use serde_json::json;

/// A command to the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnTracksCommand {
    /// Say where you are now.
    ReportLocation,
}

impl OwnTracksCommand {
    /// The payload as it is published on the phone's command topic.
    pub fn to_json(self) -> String {
        let action = match self {
            Self::ReportLocation => "reportLocation",
        };
        json!({ "_type": "cmd", "action": action }).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_payload_is_the_apps_own() {
        let text = OwnTracksCommand::ReportLocation.to_json();
        assert_eq!(text, r#"{"_type":"cmd","action":"reportLocation"}"#);
    }
}
