use std::time::Duration;

use redis::{AsyncCommands, RedisResult, aio::ConnectionManager};
use service_kit::redis::RedisConfig;

use crate::domain::Slug;

/// What a redirect waits for Redis before it asks PostgreSQL.
const PATIENCE: Duration = Duration::from_millis(250);

/// Target URLs in Redis.
#[derive(Clone)]
pub struct LinkCache {
    redis: ConnectionManager,
    key_prefix: String,
    ttl: Duration,
}

/// Redis failed, which is logged.
#[derive(Debug)]
pub struct CacheUnavailable;

impl LinkCache {
    pub fn new(redis: ConnectionManager, config: &RedisConfig, ttl: Duration) -> Self {
        Self {
            redis,
            key_prefix: config.key("link:"),
            ttl,
        }
    }

    /// The URL, or `None` when it is not cached.
    pub async fn get(&self, slug: &Slug) -> Result<Option<String>, CacheUnavailable> {
        let mut redis = self.redis.clone();
        within_patience("read", redis.get(self.key(slug))).await
    }

    pub async fn put(&self, slug: &Slug, url: &str) {
        let mut redis = self.redis.clone();
        let set = redis.set_ex(self.key(slug), url, self.ttl.as_secs());
        // Whoever asks for this link next reads it from PostgreSQL again.
        let _: Result<(), CacheUnavailable> = within_patience("write", set).await;
    }

    fn key(&self, slug: &Slug) -> String {
        format!("{}{slug}", self.key_prefix)
    }
}

async fn within_patience<T>(
    action: &'static str,
    command: impl Future<Output = RedisResult<T>>,
) -> Result<T, CacheUnavailable> {
    match tokio::time::timeout(PATIENCE, command).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            tracing::warn!(action, %error, "the link cache failed");
            Err(CacheUnavailable)
        }
        Err(_) => {
            tracing::warn!(action, "the link cache did not answer in time");
            Err(CacheUnavailable)
        }
    }
}
