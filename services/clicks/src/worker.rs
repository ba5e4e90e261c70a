//! Moves clicks from the stream to the database.

use std::time::Duration;

use anyhow::Context;
use redis::streams::StreamId;
use tokio_util::sync::CancellationToken;

use crate::{domain::Click, store::ClickStore, stream::ClickStream};

const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);

#[derive(Debug, Clone)]
pub struct WorkerSettings {
    pub consumer: String,
    pub batch: usize,
    /// How long to wait for new events; also how long a shutdown may have to wait.
    pub wait: Duration,
    /// After how long an event counts as lost by the consumer that was given it.
    pub reclaim_after: Duration,
}

impl WorkerSettings {
    pub fn for_consumer(consumer: impl Into<String>) -> Self {
        Self {
            consumer: consumer.into(),
            batch: 500,
            wait: Duration::from_millis(500),
            reclaim_after: Duration::from_secs(30),
        }
    }
}

/// What became of a batch of events.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Batch {
    pub counted: u64,
    pub counted_before: u64,
    pub malformed: u64,
}

pub struct ClickWorker {
    store: ClickStore,
    stream: ClickStream,
    settings: WorkerSettings,
}

impl ClickWorker {
    pub fn new(store: ClickStore, stream: ClickStream, settings: WorkerSettings) -> Self {
        Self {
            store,
            stream,
            settings,
        }
    }

    /// Processes batches until `stop` is cancelled, whatever fails meanwhile.
    pub async fn run_until(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.try_process_batch().await {
                tracing::error!(cause = format!("{error:#}"), "a batch of clicks failed");
                let pause = tokio::time::sleep(PAUSE_AFTER_FAILURE);
                let _ = stop.run_until_cancelled(pause).await;
            }
        }
    }

    /// Processes the next events, if any come in time.
    ///
    /// Events are acknowledged only after they are stored: a failure in between makes Redis
    /// deliver them again, and the database recognises them by their ids.
    pub async fn try_process_batch(&self) -> anyhow::Result<Batch> {
        let events = self.next_events().await?;
        if events.is_empty() {
            return Ok(Batch::default());
        }
        let clicks: Vec<Click> = events.iter().filter_map(parse_or_skip).collect();
        let counted = self.store.count(&clicks).await?;
        self.stream
            .acknowledge(&events)
            .await
            .context("failed to acknowledge events")?;

        let batch = Batch {
            counted,
            counted_before: clicks.len() as u64 - counted,
            malformed: (events.len() - clicks.len()) as u64,
        };
        tracing::debug!(?batch, "processed");
        Ok(batch)
    }

    async fn next_events(&self) -> anyhow::Result<Vec<StreamId>> {
        let WorkerSettings {
            consumer,
            batch,
            wait,
            reclaim_after,
        } = &self.settings;
        // Each time, because the group is gone when Redis lost its data.
        self.stream
            .ensure_group()
            .await
            .context("failed to create the consumer group")?;
        let reclaimed = self
            .stream
            .reclaim(consumer, *reclaim_after, *batch)
            .await
            .context("failed to reclaim events")?;
        if !reclaimed.is_empty() {
            tracing::info!(events = reclaimed.len(), "reclaimed");
            return Ok(reclaimed);
        }
        self.stream
            .read(consumer, *wait, *batch)
            .await
            .context("failed to read events")
    }
}

/// A malformed event would be malformed again next time, so it is logged and passed over.
fn parse_or_skip(event: &StreamId) -> Option<Click> {
    Click::parse(&event.map)
        .inspect_err(|error| tracing::warn!(event = event.id, %error, "a malformed event"))
        .ok()
}
