//! What a client has heard so far.

use anyhow::{Context as _, Result};
use std::{fmt::Debug, time::Duration};
use tokio::{sync::watch, time::timeout};

/// Everything heard, in order; clones share it.
#[derive(Debug, Clone)]
pub struct Log<T>(watch::Sender<Vec<T>>);

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self(watch::Sender::new(Vec::new()))
    }
}

impl<T: Clone + Debug> Log<T> {
    /// Adds what was heard.
    pub fn push(&self, item: T) {
        self.0.send_modify(|items| items.push(item));
    }

    /// Lets go of what was heard, so that looking for the next does not take longer and longer.
    pub fn forget(&self) {
        self.0.send_modify(Vec::clear);
    }

    /// All of it.
    pub fn all(&self) -> Vec<T> {
        self.0.borrow().clone()
    }

    /// Looks at each, in order.
    pub fn each(&self, look: impl FnMut(&T)) {
        self.0.borrow().iter().for_each(look);
    }

    /// How many there are that fit.
    pub fn count(&self, fits: impl Fn(&T) -> bool) -> usize {
        self.0.borrow().iter().filter(|item| fits(item)).count()
    }

    /// The first that fits, heard already or still to come.
    pub async fn find(&self, what: &str, within: Duration, fits: impl Fn(&T) -> bool) -> Result<T> {
        self.find_nth(1, what, within, fits).await
    }

    /// The n-th that fits (counted from 1), heard already or still to come.
    pub async fn find_nth(
        &self,
        nth: usize,
        what: &str,
        within: Duration,
        fits: impl Fn(&T) -> bool,
    ) -> Result<T> {
        let pick = |items: &[T]| items.iter().filter(|item| fits(item)).nth(nth.saturating_sub(1)).cloned();
        let mut news = self.0.subscribe();
        // The sender is ours, so the wait ends by success or by time alone.
        let heard = timeout(within, news.wait_for(|items| pick(items).is_some())).await;
        let last = |items: &[T]| format!("{:?}", items.last());
        let items = heard
            .with_context(|| format!("waited {within:?} for {what}; last heard: {}", last(&self.all())))??;
        pick(&items).context("heard and lost")
    }
}
