use std::{net::IpAddr, sync::Arc, time::Duration};

use redis::{RedisResult, Script, aio::ConnectionManager};

use super::{ApiKeyLimits, RateLimit};
use crate::config::Config;

/// What a request waits for Redis before it passes unlimited.
const PATIENCE: Duration = Duration::from_millis(250);

/// The buckets of all clients, kept in Redis so that every gateway sees the same ones.
#[derive(Clone)]
pub struct RateLimiter {
    redis: ConnectionManager,
    key_prefix: Arc<str>,
    take_token: Arc<Script>,
    default_limit: RateLimit,
    api_key_limits: Arc<ApiKeyLimits>,
}

/// Whether a request may pass, and how its bucket stands.
#[derive(Debug)]
pub struct Decision {
    pub allowed: bool,
    pub limit: RateLimit,
    pub remaining: u32,
    pub next_token: Duration,
    pub full: Duration,
}

impl RateLimiter {
    pub fn new(redis: ConnectionManager, config: &Config) -> Self {
        Self {
            redis,
            key_prefix: config.redis.key("rate:").into(),
            take_token: Arc::new(Script::new(include_str!("token_bucket.lua"))),
            default_limit: config.default_limit,
            api_key_limits: Arc::new(config.api_key_limits.expose().clone()),
        }
    }

    /// Takes a token of the client, known by its API key or else by its address.
    ///
    /// `None` when Redis fails: then nobody is limited.
    pub async fn take(&self, api_key: Option<&str>, peer: IpAddr) -> Option<Decision> {
        let known = api_key.and_then(|key| Some((key, self.api_key_limits.get(key)?)));
        let (client, limit) = match known {
            Some((key, limit)) => (format!("key:{key}"), limit),
            None => (format!("peer:{peer}"), self.default_limit),
        };
        match tokio::time::timeout(PATIENCE, self.run_script(&client, limit)).await {
            Ok(Ok(decision)) => Some(decision),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the rate limit failed; the request passes");
                None
            }
            Err(_) => {
                tracing::warn!("the rate limit did not answer in time; the request passes");
                None
            }
        }
    }

    async fn run_script(&self, client: &str, limit: RateLimit) -> RedisResult<Decision> {
        let (taken, remaining, next_token, full) = self
            .take_token
            .key(format!("{}{client}", self.key_prefix))
            .arg(limit.burst.get())
            .arg(limit.tokens_per_second)
            .invoke_async(&mut self.redis.clone())
            .await?;
        Ok(Decision {
            allowed: taken,
            limit,
            remaining,
            next_token: Duration::from_millis(next_token),
            full: Duration::from_millis(full),
        })
    }
}
