use chrono::Utc;
use redis::{aio::ConnectionManager, streams::StreamMaxlen};
use tokio::{sync::mpsc, task::JoinHandle};
use uuid::Uuid;

use crate::domain::Slug;

/// The stream that the `clicks` service reads.
pub const STREAM: &str = "clicks";

/// Bounds the memory of Redis if nobody reads the stream.
const LONGEST_STREAM: usize = 1_000_000;
const QUEUE: usize = 10_000;
const BATCH: usize = 256;

/// Someone followed a link.
#[derive(Debug)]
pub struct Click {
    /// Lets the reader recognise an event that it is given twice.
    event_id: Uuid,
    slug: Slug,
    clicked_at_ms: i64,
}

impl Click {
    pub fn now(slug: Slug) -> Self {
        Self {
            event_id: Uuid::now_v7(),
            slug,
            clicked_at_ms: Utc::now().timestamp_millis(),
        }
    }

    fn fields(&self) -> [(&'static str, String); 3] {
        [
            ("event_id", self.event_id.to_string()),
            ("slug", self.slug.to_string()),
            ("clicked_at_ms", self.clicked_at_ms.to_string()),
        ]
    }
}

/// Sends clicks to the stream in the background, so that no redirect waits for it.
#[derive(Clone)]
pub struct ClickPublisher {
    queue: mpsc::Sender<Click>,
}

impl ClickPublisher {
    /// The returned task ends when every publisher is gone and the queue is empty.
    pub fn start(redis: ConnectionManager, stream: String) -> (Self, JoinHandle<()>) {
        let (queue, clicks) = mpsc::channel(QUEUE);
        (Self { queue }, tokio::spawn(forward(clicks, redis, stream)))
    }

    /// Queues a click, or drops it when Redis has fallen too far behind.
    pub fn publish(&self, click: Click) {
        if let Err(error) = self.queue.try_send(click) {
            tracing::warn!(%error, "a click was lost");
        }
    }
}

async fn forward(mut clicks: mpsc::Receiver<Click>, redis: ConnectionManager, stream: String) {
    let mut batch = Vec::with_capacity(BATCH);
    while clicks.recv_many(&mut batch, BATCH).await > 0 {
        let mut append = redis::pipe();
        for click in batch.drain(..) {
            append.xadd_maxlen(
                &stream,
                StreamMaxlen::Approx(LONGEST_STREAM),
                "*",
                &click.fields(),
            );
        }
        if let Err(error) = service_kit::redis::execute(&append, &redis).await {
            tracing::warn!(%error, lost = append.len(), "clicks were lost");
        }
    }
}
