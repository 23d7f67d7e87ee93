//! Telephone calls that an operator enters.

use model::{Signal, SignalId, SignalKind};
use store::{Idempotency, JobError, TakeCall};

use crate::common::{
    House,
    made::{at, audit, signal},
};

fn call(name: &str, key: Option<(&str, &str)>) -> TakeCall {
    let id = SignalId::from_cause("call", &[name]);
    TakeCall {
        signal: Signal { id, kind: SignalKind::Call, handset: None, ..signal(name, Some("r1"), "h1", at(0)) },
        audit: audit("call", at(0)),
        idempotency: key.map(|(key, request)| Idempotency {
            username: "operator".to_owned(),
            key: key.to_owned(),
            request: request.to_owned(),
            at: at(0),
        }),
    }
}

pub(crate) async fn a_call_is_entered_once_under_its_key(house: &House) {
    let first = house.write(call("c1", Some(("k-1", "fell down")))).await;
    let again = house.write(call("c2", Some(("k-1", "fell down")))).await;
    assert_eq!(again, first, "the same request stands for the same call");
    let other = house.store.write(call("c3", Some(("k-1", "is cold")))).await;
    assert!(matches!(other, Err(JobError::Conflict)), "{other:?}");
    let unnamed = house.write(call("c4", None)).await;
    assert_ne!(unnamed, first);
    for table in ["signals", "audit"] {
        assert_eq!(house.ask(&format!("SELECT COUNT(*) FROM {table}")).await, 2, "{table}");
    }
}
