use std::{num::NonZeroU32, time::Duration};

use service_kit::{
    ServerConfig,
    config::{ConfigError, Environment, Secret},
    redis::RedisConfig,
};

use crate::{
    rate_limit::{ApiKeyLimits, RateLimit},
    upstream::UpstreamUrl,
};

/// High enough that only a client gone wild meets it; an environment that knows its clients sets
/// its own.
const DEFAULT_PER_SECOND: NonZeroU32 = NonZeroU32::new(100_000).unwrap();
const DEFAULT_UPSTREAM_TIMEOUT_SECONDS: u64 = 10;

#[derive(Debug)]
pub struct Config {
    pub server: ServerConfig,
    pub redis: RedisConfig,
    pub links: UpstreamUrl,
    pub upstream_timeout: Duration,
    /// For clients without a known API key.
    pub default_limit: RateLimit,
    pub api_key_limits: Secret<ApiKeyLimits>,
}

impl Config {
    pub fn read(mut env: Environment) -> Result<Self, ConfigError> {
        let server = ServerConfig::read(&mut env);
        let redis = RedisConfig::read(&mut env);
        let links = env.required("LINKS_URL");
        let timeout = env.or_default("UPSTREAM_TIMEOUT_SECONDS", DEFAULT_UPSTREAM_TIMEOUT_SECONDS);
        let per_second = env.or_default("RATE_LIMIT_PER_SECOND", DEFAULT_PER_SECOND);
        let burst = env.or_default("RATE_LIMIT_BURST", per_second.unwrap_or(DEFAULT_PER_SECOND));
        let api_key_limits = env.or_default("API_KEY_LIMITS", Secret::default());
        env.finish(|| {
            Some(Self {
                server: server?,
                redis: redis?,
                links: links?,
                upstream_timeout: timeout.map(Duration::from_secs)?,
                default_limit: RateLimit::per_second(per_second?, burst?),
                api_key_limits: api_key_limits?,
            })
        })
    }
}
