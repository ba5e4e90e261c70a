use std::time::Duration;

use redis::{
    AsyncCommands, RedisResult,
    aio::ConnectionManager,
    streams::{
        StreamAutoClaimOptions, StreamAutoClaimReply, StreamId, StreamMaxlen, StreamReadOptions,
        StreamReadReply,
    },
};

use crate::domain::Click;

/// The stream that the `links` service writes.
pub const STREAM: &str = "clicks";
const GROUP: &str = "clicks";

/// Bounds the memory of Redis if nobody reads the stream.
const LONGEST_STREAM: usize = 1_000_000;

/// The stream of clicks in Redis, and the consumer group that reads it.
#[derive(Clone)]
pub struct ClickStream {
    redis: ConnectionManager,
    key: String,
}

impl ClickStream {
    pub fn new(redis: ConnectionManager, key: String) -> Self {
        Self { redis, key }
    }

    pub async fn append(&self, click: &Click) -> RedisResult<()> {
        let longest = StreamMaxlen::Approx(LONGEST_STREAM);
        let mut append = redis::pipe();
        append.xadd_maxlen(&self.key, longest, "*", &click.fields());
        service_kit::redis::execute(&append, &self.redis).await
    }

    /// Creates the consumer group, to read from the oldest event on, unless it exists.
    pub async fn ensure_group(&self) -> RedisResult<()> {
        let mut redis = self.redis.clone();
        match redis.xgroup_create_mkstream(&self.key, GROUP, "0").await {
            Err(error) if error.code() == Some("BUSYGROUP") => Ok(()),
            result => result,
        }
    }

    /// Takes over events that some consumer was given, but did not acknowledge for `idle`.
    pub async fn reclaim(
        &self,
        consumer: &str,
        idle: Duration,
        count: usize,
    ) -> RedisResult<Vec<StreamId>> {
        let options = StreamAutoClaimOptions::default().count(count);
        let idle = milliseconds(idle);
        let mut redis = self.redis.clone();
        let reply: StreamAutoClaimReply = redis
            .xautoclaim_options(&self.key, GROUP, consumer, idle, "0-0", options)
            .await?;
        Ok(reply.claimed)
    }

    /// Reads events that no consumer was given yet; waits up to `wait` for the first one.
    pub async fn read(
        &self,
        consumer: &str,
        wait: Duration,
        count: usize,
    ) -> RedisResult<Vec<StreamId>> {
        let options = StreamReadOptions::default()
            .group(GROUP, consumer)
            .block(milliseconds(wait))
            .count(count);
        let mut redis = self.redis.clone();
        let reply: Option<StreamReadReply> =
            redis.xread_options(&[&self.key], &[">"], &options).await?;
        let streams = reply.map(|reply| reply.keys).unwrap_or_default();
        Ok(streams.into_iter().flat_map(|stream| stream.ids).collect())
    }

    pub async fn acknowledge(&self, events: &[StreamId]) -> RedisResult<()> {
        let ids: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
        let mut redis = self.redis.clone();
        redis.xack(&self.key, GROUP, &ids).await
    }
}

fn milliseconds(duration: Duration) -> usize {
    usize::try_from(duration.as_millis()).unwrap_or(usize::MAX)
}
