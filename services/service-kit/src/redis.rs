//! The connection to Redis.

use std::time::Duration;

use redis::{
    Client, ConnectionInfo, Pipeline, RedisResult,
    aio::{ConnectionManager, ConnectionManagerConfig},
};

use crate::config::{Environment, Secret};

const CONNECT_TIMEOUT: Duration = Duration::from_millis(250);
const RESPONSE_TIMEOUT: Duration = Duration::from_millis(500);

/// How to reach Redis, and where in its key space the service lives.
#[derive(Debug, Clone)]
pub struct RedisConfig {
    server: Secret<ConnectionInfo>,
    prefix: String,
}

impl RedisConfig {
    /// Reads `REDIS_URL` and `REDIS_PREFIX` (default empty).
    pub fn read(env: &mut Environment) -> Option<Self> {
        let server = env.required("REDIS_URL");
        let prefix = env.or_default("REDIS_PREFIX", String::new());
        Some(Self {
            server: server?,
            prefix: prefix?,
        })
    }

    /// The full name of a key: `name` behind the prefix.
    pub fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// A connection that opens on first use and again after it was lost.
    ///
    /// While Redis is away each command fails fast, so that callers can go on without it.
    pub fn connect(&self) -> anyhow::Result<ConnectionManager> {
        self.connect_with(RESPONSE_TIMEOUT)
    }

    /// A connection of its own for commands that wait up to `longest_wait` inside Redis.
    pub fn connect_blocking(&self, longest_wait: Duration) -> anyhow::Result<ConnectionManager> {
        self.connect_with(longest_wait + RESPONSE_TIMEOUT)
    }

    fn connect_with(&self, response_timeout: Duration) -> anyhow::Result<ConnectionManager> {
        let client = Client::open(self.server.expose().clone())?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(response_timeout));
        Ok(ConnectionManager::new_lazy_with_config(client, config)?)
    }
}

/// Runs `commands`, a second time if the first finds the connection gone.
///
/// A lost connection is noticed by the commands that fail on it; from then on a new one is opened.
/// Without a second try, they would fail although Redis is back.
pub async fn execute(commands: &Pipeline, connection: &ConnectionManager) -> RedisResult<()> {
    match commands.exec_async(&mut connection.clone()).await {
        Err(error) if error.is_connection_dropped() => {
            commands.exec_async(&mut connection.clone()).await
        }
        result => result,
    }
}

/// Fails unless Redis answers a command.
pub async fn ping(connection: ConnectionManager) -> anyhow::Result<()> {
    execute(redis::pipe().cmd("PING"), &connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{RedisConfig, ping};
    use crate::config::Environment;

    fn config(url: &str) -> RedisConfig {
        let mut env = Environment::from_iter([("REDIS_URL", url), ("REDIS_PREFIX", "blue:")]);
        RedisConfig::read(&mut env).unwrap()
    }

    #[test]
    fn the_password_is_kept_out_of_debug_output() {
        let debug = format!("{:?}", config("redis://:s3cret@localhost"));

        assert!(!debug.contains("s3cret"), "{debug}");
    }

    #[test]
    fn keys_live_behind_the_prefix() {
        assert_eq!(config("redis://localhost").key("clicks"), "blue:clicks");
    }

    #[tokio::test]
    async fn connecting_does_not_fail_before_redis_is_used() {
        let connection = config("redis://127.0.0.1:1").connect().unwrap();

        assert!(ping(connection).await.is_err());
    }
}
