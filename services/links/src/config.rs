use std::time::Duration;

use service_kit::{
    ServerConfig,
    config::{ConfigError, Environment},
    postgres::PostgresConfig,
    redis::RedisConfig,
};

const DEFAULT_CACHE_TTL_SECONDS: u64 = 3600;

#[derive(Debug)]
pub struct Config {
    pub server: ServerConfig,
    pub postgres: PostgresConfig,
    pub redis: RedisConfig,
    pub cache_ttl: Duration,
}

impl Config {
    pub fn read(mut env: Environment) -> Result<Self, ConfigError> {
        let server = ServerConfig::read(&mut env);
        let postgres = PostgresConfig::read(&mut env);
        let redis = RedisConfig::read(&mut env);
        let cache_ttl = env.or_default("CACHE_TTL_SECONDS", DEFAULT_CACHE_TTL_SECONDS);
        env.finish(|| {
            Some(Self {
                server: server?,
                postgres: postgres?,
                redis: redis?,
                cache_ttl: cache_ttl.map(Duration::from_secs)?,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use service_kit::config::Environment;

    use super::Config;

    #[test]
    fn an_empty_environment_is_answered_with_everything_that_is_needed() {
        let error = Config::read(Environment::from_iter([("HOST", "::1")])).unwrap_err();

        let message = error.to_string();
        for name in ["PORT", "DATABASE_URL", "REDIS_URL"] {
            assert!(message.contains(&format!("{name} is not set")), "{message}");
        }
    }
}
