//! `jjl/<h>/fix`: one position, or a batch that was stored while the handset had no network.
//!
//! A fix is refused when its position or its time would lie; its neighbours in the batch are not touched. What
//! is missing beside them is filled in with care:
//! - no method: `gps` when the accuracy is 100 m or better or unsaid, else `cell`;
//! - no accuracy: what the method usually reaches; a method of an unknown name counts as `cell` for that.

use super::fields::{Fields, Told};
use super::payload::{Opened, open};
use crate::defect::{Decoded, Defects};
use model::{Fix, Method, Timestamp, Wgs84};
use serde_json::{Map, Value};

/// The interface allows this many fixes a message; more are read all the same, with a defect.
pub const FIXES_AT_MOST: usize = 500;
/// A worse radius than this says no more than that the handset is in the country.
pub(crate) const ACCURACY_AT_MOST_M: f64 = 100_000.0;
/// Satellites reach this or better; worse than that it was a cell.
const GPS_AT_BEST_M: f64 = 100.0;
/// The speed of sound: nobody we care for travels faster.
pub(crate) const SPEED_AT_MOST_MPS: f64 = 340.0;

/// What a fix takes from the message round it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) received_at: Timestamp,
    /// The boot, where the fix does not name its own.
    pub(crate) boot: Option<&'a str>,
    /// The time, where the fix has none that is believable: that of the press the position came with. A position
    /// of somebody who calls for help is not thrown away for its date.
    pub(crate) time: Option<Timestamp>,
    /// The payload lost its end, so what is unsaid may have been said: assume the widest circle.
    pub(crate) cut_off: bool,
}

/// Reads the payload of a fix topic: one fix, or `{"boot":…,"fixes":[…]}`. Every fix that can be read is there.
pub fn decode_fixes(payload: &[u8], received_at: Timestamp) -> Decoded<Vec<Fix>> {
    let mut defects = Defects::default();
    let around = Around { received_at, boot: None, time: None, cut_off: false };
    let fixes = match open(payload, &mut defects) {
        Opened::Json { value: Value::Object(object), cut_off } if object.contains_key("fixes") => {
            read_batch(&object, Around { cut_off, ..around }, &mut defects)
        }
        Opened::Json { value: Value::Object(object), cut_off } => {
            read_fix(&object, "", Around { cut_off, ..around }, &mut defects).into_iter().collect()
        }
        Opened::Json { value: Value::Array(list), .. } => read_list(&list, "", around, &mut defects),
        Opened::Json { .. } => {
            defects.add("payload", "is neither a fix nor a batch of fixes");
            Vec::new()
        }
        Opened::Empty | Opened::Unreadable => Vec::new(),
    };
    defects.with(fixes)
}

fn read_batch(object: &Map<String, Value>, around: Around<'_>, defects: &mut Defects) -> Vec<Fix> {
    let mut fields = Fields::new(object, "", defects);
    let boot = fields.text("boot");
    // A cut-off batch lost its last fix; those before it are whole.
    let around = Around { boot: boot.as_deref(), cut_off: false, ..around };
    match object.get("fixes") {
        Some(Value::Array(list)) => read_list(list, "fixes", around, defects),
        Some(Value::Object(one)) => read_fix(one, "fixes", around, defects).into_iter().collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {
            fields.refuse("fixes", "is not a list");
            Vec::new()
        }
    }
}

fn read_list(list: &[Value], path: &str, around: Around<'_>, defects: &mut Defects) -> Vec<Fix> {
    if list.len() > FIXES_AT_MOST {
        let problem = format!("has {} fixes, more than {FIXES_AT_MOST}; all are used", list.len());
        defects.add(if path.is_empty() { "payload" } else { path }, problem);
    }
    let each = list.iter().enumerate();
    each.filter_map(|(index, value)| read_value(value, &format!("{path}[{index}]"), around, defects))
        .collect()
}

/// The fix in this value, if it is an object and holds one.
pub(crate) fn read_value(
    value: &Value,
    path: &str,
    around: Around<'_>,
    defects: &mut Defects,
) -> Option<Fix> {
    let Some(object) = value.as_object() else {
        defects.add(path, "is not a fix");
        return None;
    };
    read_fix(object, path, around, defects)
}

fn read_fix(
    object: &Map<String, Value>,
    path: &str,
    around: Around<'_>,
    defects: &mut Defects,
) -> Option<Fix> {
    let mut fields = Fields::new(object, path, defects);
    let position = read_position(&mut fields, ["lat", "lon"]);
    let fix_time = read_time(&mut fields, around);
    let (method, accuracy_m) = read_method(&mut fields, around.cut_off);
    let fix = Fix {
        boot: fields.text("boot").or_else(|| around.boot.map(str::to_owned)),
        seq: fields.count("seq"),
        fix_time: fix_time?,
        position: position?,
        accuracy_m,
        method,
        speed_mps: fields.number_within("speed_mps", 0.0, SPEED_AT_MOST_MPS),
        bearing_deg: fields.number_within("bearing_deg", 0.0, 360.0),
        battery_pct: fields.battery_pct(),
    };
    Some(fix)
}

/// The position under these two keys, unless it would lie.
pub(crate) fn read_position(fields: &mut Fields<'_>, [lat_key, lon_key]: [&str; 2]) -> Option<Wgs84> {
    for key in [lat_key, lon_key] {
        if fields.get(key).is_none() {
            fields.refuse(key, "is missing");
        }
    }
    let (lat, lon) = (fields.number(lat_key), fields.number(lon_key));
    match Wgs84::new(lat?, lon?) {
        Ok(position) => Some(position),
        Err(error) => {
            let key = match error {
                model::CoordinateError::Latitude(_) => lat_key,
                model::CoordinateError::Longitude(_) => lon_key,
                model::CoordinateError::NotFinite | model::CoordinateError::NullIsland => "",
            };
            fields.refuse(key, error.to_string());
            None
        }
    }
}

fn read_time(fields: &mut Fields<'_>, around: Around<'_>) -> Option<Timestamp> {
    match fields.time("fix_time", around.received_at) {
        Told::Believed(time) => return Some(time),
        Told::Absent if around.time.is_some() => {
            fields.refuse("fix_time", "is missing; the message's time is used");
        }
        Told::Absent => fields.refuse("fix_time", "is missing"),
        Told::Unbelieved { .. } => {}
    }
    around.time
}

/// How the position was found and how far it may be off; see the head of this file.
fn read_method(fields: &mut Fields<'_>, cut_off: bool) -> (Method, f64) {
    let accuracy_m = read_accuracy(fields, "accuracy_m");
    let name = fields.text("method").map(|name| name.trim().to_ascii_lowercase());
    match name.as_deref().map(Method::from_name) {
        None => found_by(accuracy_m, cut_off),
        Some(Some(method)) => {
            let usual = if cut_off { Method::Cell } else { method };
            (method, accuracy_m.unwrap_or(usual.usual_accuracy_m()))
        }
        Some(None) => {
            fields.refuse("method", "is none of gps, aflt, wifi, cell");
            found_by(accuracy_m, true)
        }
    }
}

/// What stands in for an unsaid method and an unsaid accuracy; `doubtful` when either may have been said.
pub(crate) fn found_by(accuracy_m: Option<f64>, doubtful: bool) -> (Method, f64) {
    let method = match accuracy_m {
        Some(accuracy_m) if accuracy_m <= GPS_AT_BEST_M => Method::Gps,
        None if !doubtful => Method::Gps,
        Some(_) | None => Method::Cell,
    };
    (method, accuracy_m.unwrap_or(method.usual_accuracy_m()))
}

/// The radius under this key, in metres.
pub(crate) fn read_accuracy(fields: &mut Fields<'_>, key: &str) -> Option<f64> {
    let accuracy_m = fields.number(key)?;
    if accuracy_m <= 0.0 {
        fields.refuse(key, format!("{accuracy_m} is not a radius; the method's usual one is used"));
        return None;
    }
    if accuracy_m > ACCURACY_AT_MOST_M {
        fields.refuse(key, format!("{accuracy_m} is taken as {ACCURACY_AT_MOST_M}"));
    }
    Some(accuracy_m.min(ACCURACY_AT_MOST_M))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-23T08:20:00Z";

    fn decode(payload: &str) -> (Vec<Fix>, Vec<String>) {
        let decoded = decode_fixes(payload.as_bytes(), NOW.parse().unwrap());
        (decoded.message, decoded.defects.iter().map(ToString::to_string).collect())
    }

    fn with(rest: &str) -> (Vec<Fix>, Vec<String>) {
        decode(&format!(r#"{{"fix_time":"2026-11-23T08:15:04Z","lat":33.9624,"lon":118.2757{rest}}}"#))
    }

    #[test]
    fn the_example_of_the_interface_is_read_whole() {
        let (fixes, defects) = decode(
            r#"{"boot":"7f3a","seq":41,"fix_time":"2026-11-23T08:15:04Z","lat":33.9624,"lon":118.2757,
                "accuracy_m":18,"method":"gps","speed_mps":0.8,"bearing_deg":120,"battery_pct":71,"new":[{}]}"#,
        );
        assert_eq!(defects, Vec::<String>::new());
        let expected = Fix {
            boot: Some("7f3a".to_owned()),
            seq: Some(41),
            fix_time: "2026-11-23T08:15:04Z".parse().unwrap(),
            position: Wgs84::new(33.9624, 118.2757).unwrap(),
            accuracy_m: 18.0,
            method: Method::Gps,
            speed_mps: Some(0.8),
            bearing_deg: Some(120.0),
            battery_pct: Some(71.0),
        };
        assert_eq!(fixes, std::slice::from_ref(&expected));
        let again = serde_json::to_vec(&expected).unwrap();
        assert_eq!(decode_fixes(&again, NOW.parse().unwrap()).message, [expected]);
    }

    #[test]
    fn a_time_is_as_it_will_be_stored() {
        let (fixes, defects) =
            decode(r#"{"fix_time":"2026-11-23T08:15:04.123456789Z","lat":33.9624,"lon":118.2757}"#);
        assert_eq!(defects, Vec::<String>::new());
        let told = fixes.first().map(|fix| fix.fix_time.to_string());
        assert_eq!(told.as_deref(), Some("2026-11-23T08:15:04.123456Z"));
    }

    #[test]
    fn what_is_unsaid_is_filled_in_with_care() {
        for (rest, method, accuracy_m, defects) in [
            ("", Method::Gps, 30.0, 0),
            (r#","accuracy_m":100"#, Method::Gps, 100.0, 0),
            (r#","accuracy_m":101"#, Method::Cell, 101.0, 0),
            (r#","method":"wifi""#, Method::Wifi, 60.0, 0),
            (r#","method":"GPS","accuracy_m":"18""#, Method::Gps, 18.0, 0),
            (r#","method":"aflt","accuracy_m":null"#, Method::Aflt, 200.0, 0),
            (r#","method":"cell","accuracy_m":0"#, Method::Cell, 1500.0, 1),
            (r#","method":"cell","accuracy_m":-3"#, Method::Cell, 1500.0, 1),
            (r#","accuracy_m":1e7"#, Method::Cell, 100_000.0, 1),
            (r#","method":"magic""#, Method::Cell, 1500.0, 1),
            (r#","method":"magic","accuracy_m":20"#, Method::Gps, 20.0, 1),
            (r#","accuracy_m":"NaN""#, Method::Gps, 30.0, 1),
            (r#","accuracy_m":nan"#, Method::Gps, 30.0, 1),
        ] {
            let (fixes, found) = with(rest);
            let read: Vec<_> = fixes.iter().map(|fix| (fix.method, fix.accuracy_m)).collect();
            assert_eq!(read, [(method, accuracy_m)], "{rest}");
            assert_eq!(found.len(), defects, "{rest} {found:?}");
        }
    }

    #[test]
    fn a_side_value_that_lies_is_left_out_and_the_fix_stays() {
        for rest in [
            r#","battery_pct":900"#,
            r#","battery_pct":-1"#,
            r#","speed_mps":-1"#,
            r#","bearing_deg":361"#,
            r#","seq":-1"#,
            r#","seq":"forty""#,
            r#","boot":{}"#,
        ] {
            let (fixes, defects) = with(rest);
            assert_eq!((fixes.len(), defects.len()), (1, 1), "{rest} {defects:?}");
        }
        assert_eq!(with(r#","battery_pct":900"#).1, ["battery_pct: 900 is outside 0..100"]);
    }

    #[test]
    fn a_fix_that_would_lie_is_refused() {
        for (members, defect) in [
            (r#""lat":99,"lon":118"#, "lat: latitude 99 is outside -90..90"),
            (r#""lat":33,"lon":181"#, "lon: longitude 181 is outside -180..180"),
            (r#""lat":"NaN","lon":118"#, r#"lat: "NaN" is not a finite number"#),
            (r#""lat":33,"lon":"-inf""#, r#"lon: "-inf" is not a finite number"#),
            (r#""lat":0,"lon":0.0"#, "payload: 0/0 is what a handset without a fix sends, not a place"),
            (r#""lat":33"#, "lon: is missing"),
            (r#""lat":true,"lon":118"#, "lat: true is not a number"),
        ] {
            let (fixes, defects) = decode(&format!(r#"{{"fix_time":"2026-11-23T08:15:04Z",{members}}}"#));
            assert_eq!((fixes, defects), (vec![], vec![defect.to_owned()]));
        }
        for (time, defect) in [
            ("0", "fix_time: 1970-01-01T00:00:00Z is before 2020"),
            (r#""2099-01-01T00:00:00Z""#, "fix_time: 2099-01-01T00:00:00Z is more than two years ahead"),
            ("null", "fix_time: is missing"),
            (r#""soon""#, r#"fix_time: "soon" is not a time"#),
        ] {
            let (fixes, defects) = decode(&format!(r#"{{"fix_time":{time},"lat":33,"lon":118}}"#));
            assert_eq!((fixes, defects), (vec![], vec![defect.to_owned()]));
        }
    }

    #[test]
    fn a_batch_gives_every_fix_it_can() {
        let good = r#"{"fix_time":1795421704,"lat":33.9624,"lon":118.2757,"seq":1}"#;
        let (fixes, defects) = decode(&format!(
            r#"{{"boot":"b","fixes":[{good},{{"lat":99,"lon":1,"fix_time":1795421704}},7,{{"boot":"c",{}]}}"#,
            good.trim_start_matches('{'),
        ));
        let boots: Vec<_> = fixes.iter().map(|fix| fix.boot.as_deref()).collect();
        assert_eq!(boots, [Some("b"), Some("c")]);
        assert_eq!(defects, ["fixes[1].lat: latitude 99 is outside -90..90", "fixes[2]: is not a fix"]);

        let (fixes, defects) = decode(&format!(r#"{{"boot":"b","fixes":[{good},{good},{{"lat":33.9"#));
        assert_eq!((fixes.len(), defects), (2, vec!["payload: ends in the middle".to_owned()]));

        let many = vec![good; 501].join(",");
        let (fixes, defects) = decode(&format!(r#"{{"fixes":[{many}]}}"#));
        assert_eq!(
            (fixes.len(), defects),
            (501, vec!["fixes: has 501 fixes, more than 500; all are used".to_owned()])
        );
        assert_eq!(decode(&format!("[{good}]")).0.len(), 1);
    }

    #[test]
    fn what_is_no_fix_at_all_says_so() {
        for payload in ["", "\0", "help", "7", "null", "{}", r#"{"fixes":7}"#, "[7]", "{\"lat\":"] {
            let (fixes, defects) = decode(payload);
            assert!(fixes.is_empty() && !defects.is_empty(), "{payload}");
        }
    }
}
