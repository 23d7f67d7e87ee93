//! Carrying messages to the hall so that nothing a client does can stop them on the way.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use model::HandsetId;

use super::Shared;
use super::session::Work;
use super::tide::Carried;
use crate::hall::Hall;

/// Begins an errand now, so that the hall sees messages in order of arrival, and lets it end on the task tracker if it
/// does not end at once: it belongs to nobody's connection. Gives the outcome if it is already there; otherwise `report`
/// is called with it. The outcome is false if the hall panicked.
pub(super) fn begin(
    shared: &Arc<Shared>,
    handset: &HandsetId,
    work: Work,
    report: impl FnOnce(bool) + Send + 'static,
) -> Option<bool> {
    count(&work);
    let carried = shared.tide.carry(work.payload().len());
    let mut errand = prepare(Arc::clone(&shared.hall), handset.clone(), work, carried);
    // The first poll happens here, without a waker; the task polls again with its own.
    if let Some(taken) = tokio::task::unconstrained(&mut errand).now_or_never() {
        return Some(taken);
    }
    shared.tasks.spawn(errand.map(report));
    None
}

fn prepare(
    hall: Arc<dyn Hall>,
    handset: HandsetId,
    work: Work,
    carried: Carried,
) -> BoxFuture<'static, bool> {
    let errand = async move {
        let _carried = carried;
        match work {
            Work::Accept(message) => hall.accept(message).await,
            Work::Quarantine { topic, payload, reason, .. } => {
                hall.quarantine(Some(&handset), &topic, payload, reason).await;
            }
        }
    };
    AssertUnwindSafe(errand)
        .catch_unwind()
        .map(|outcome| {
            if outcome.is_err() {
                tracing::error!(
                    event = "mqtt_hall_failed",
                    "the hall died over a message; it stays unacknowledged"
                );
            }
            outcome.is_ok()
        })
        .boxed()
}

fn count(work: &Work) {
    match work {
        Work::Accept(message) => {
            metrics::counter!("jujiale_mqtt_publishes_total", "kind" => message.kind.as_str()).increment(1);
        }
        Work::Quarantine { why, topic, reason, .. } => {
            metrics::counter!("jujiale_mqtt_refused_total", "why" => why.name()).increment(1);
            tracing::info!(event = "mqtt_publish_refused", %topic, %reason);
        }
    }
}
