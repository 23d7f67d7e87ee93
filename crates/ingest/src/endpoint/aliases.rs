//! Topic aliases (MQTT 5): a small number stands for a topic that was named once.

use super::config::TOPIC_ALIAS_MAX;
use super::ending::Ending;
use super::wire::Publish;

/// The aliases of one connection, in the direction from the client.
#[derive(Debug, Default)]
pub(super) struct Aliases(Vec<Option<String>>);

impl Aliases {
    /// The topic of a publish, remembered under its alias if it names both.
    pub(super) fn resolve(&mut self, publish: &Publish) -> Result<String, Ending> {
        let topic = self.peek(publish)?;
        if let Some(alias) = publish.alias {
            let place = usize::from(alias.get()) - 1;
            if self.0.len() <= place {
                self.0.resize(place + 1, None);
            }
            if let Some(slot) = self.0.get_mut(place) {
                *slot = Some(topic.clone());
            }
        }
        Ok(topic)
    }

    /// The topic of a publish, remembering nothing.
    pub(super) fn peek(&self, publish: &Publish) -> Result<String, Ending> {
        let Some(alias) = publish.alias else {
            return if publish.topic.is_empty() {
                Err(Ending::ProtocolError)
            } else {
                Ok(publish.topic.clone())
            };
        };
        if alias.get() > TOPIC_ALIAS_MAX {
            return Err(Ending::AliasInvalid);
        }
        if !publish.topic.is_empty() {
            return Ok(publish.topic.clone());
        }
        self.0.get(usize::from(alias.get()) - 1).cloned().flatten().ok_or(Ending::ProtocolError)
    }
}
