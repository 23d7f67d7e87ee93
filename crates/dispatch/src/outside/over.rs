//! Who was told of a task by message hears the same way that it was taken back: another station has it, the desk needs them no more,
//! or the case is closed. Nobody drives to a door for nothing because no screen of theirs was open.

use super::{Outside, tasks::NAME};
use crate::trouble::{Trouble, pass_over};
use model::{SignedDuration, TaskId, Timestamp};
use notify::Outgoing;
use store::{Notice, PutNotices, Sifted};

/// Told in one go.
const AT_ONCE: u32 = 50;
/// Whoever went has long arrived after this time: then it is no news.
const WITHIN: SignedDuration = SignedDuration::from_hours(1);

impl Outside {
    pub(super) async fn tell_of_ends(&self, passed_over: &mut u32) -> Result<(), Trouble> {
        let now = self.shared.clock.now();
        let since = now.checked_sub(WITHIN).unwrap_or(now);
        let Sifted { whole, mut broken } =
            self.shared.store.tasks_over(since, AT_ONCE.saturating_add(*passed_over)).await?;
        for task in &whole {
            let told = self.tell_of_end(task, now).await;
            pass_over(&mut broken, task, told)?;
        }
        *passed_over = self.unreadable("tasks that were taken back", &broken);
        Ok(())
    }

    async fn tell_of_end(&self, task: &TaskId, now: Timestamp) -> Result<(), Trouble> {
        if let Some((told, message)) = self.told_before(&format!("{NAME}{task}")).await? {
            let keys = self.shared.store.keys().clone();
            self.shared.store.write(PutNotices { notices: vec![over(told, message, now)], keys }).await?;
        }
        Ok(())
    }
}

/// The same person by the same way; the link opens nothing any more. Nobody's life hangs on it, so that it is not tried for ever.
fn over(told: Notice, mut message: Outgoing, now: Timestamp) -> Notice {
    let id = format!("{}:over", told.id);
    let name = message.variables.get("resident").map_or("老人", String::as_str);
    message.subject = format!("任务已撤回：{name}");
    message.text = format!("居家樂：{name}的任务已撤回，不用去了；已经出发的请返回。有疑问请致电呼叫中心。");
    message.id.clone_from(&id);
    message.variables.insert("type".to_owned(), "task.withdrawn".to_owned());
    (message.link, message.made_at) = (None, now);
    let message = serde_json::to_string(&message).unwrap_or_default();
    Notice { id, is_life: false, goes_first: false, message, due_at: now, ..told }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::Channel;
    use std::collections::BTreeMap;

    #[test]
    fn that_it_is_over_goes_the_way_the_task_went() {
        let then = Timestamp::from_second(1_000).expect("a moment");
        let now = Timestamp::from_second(1_060).expect("a moment");
        let message = Outgoing {
            id: "task:t-1".to_owned(),
            channel: Channel::Voice,
            to: "13900000001".to_owned(),
            subject: "新任务：王秀英".to_owned(),
            text: "…".to_owned(),
            link: Some("https://jjl.example/task/#secret".to_owned()),
            variables: BTreeMap::from([("resident".to_owned(), "王秀英".to_owned())]),
            drill: true,
            made_at: then,
        };
        let told = Notice {
            id: message.id.clone(),
            incident: None,
            recipient_kind: "station".to_owned(),
            recipient: "东站".to_owned(),
            is_life: true,
            goes_first: true,
            channel: "voice".to_owned(),
            to: message.to.clone(),
            message: String::new(),
            due_at: then,
        };
        let put = over(told, message, now);
        assert_eq!((put.id.as_str(), put.channel.as_str()), ("task:t-1:over", "voice"));
        assert_eq!((put.to.as_str(), put.due_at), ("13900000001", now));
        assert!(!put.is_life && !put.goes_first);
        let sent: Outgoing = serde_json::from_str(&put.message).expect("a message");
        assert_eq!((sent.id.as_str(), sent.link, sent.drill), ("task:t-1:over", None, true));
        assert!(sent.text.contains("王秀英的任务已撤回"), "{}", sent.text);
    }
}
