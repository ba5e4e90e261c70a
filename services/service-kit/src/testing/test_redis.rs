use redis::{Client, Commands, RedisResult};

use super::{required_variable, unique_suffix};

/// Keys of one test behind a prefix of their own, deleted with this value.
#[derive(Debug)]
pub struct TestRedis {
    url: String,
    prefix: String,
}

impl TestRedis {
    /// A new prefix, below `REDIS_PREFIX` if that is set.
    ///
    /// # Panics
    ///
    /// When `REDIS_URL` is not set.
    pub fn create() -> Self {
        let above = std::env::var("REDIS_PREFIX").unwrap_or_default();
        Self {
            url: required_variable("REDIS_URL"),
            prefix: format!("{above}{}:", unique_suffix()),
        }
    }

    /// The URL of the server.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The prefix to give to a service as `REDIS_PREFIX`.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The full name of a key.
    pub fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// A connection for arranging and for looking.
    ///
    /// # Panics
    ///
    /// When the server does not answer.
    pub fn connect(&self) -> redis::Connection {
        self.try_connect().expect("Redis answers at REDIS_URL")
    }

    fn try_connect(&self) -> RedisResult<redis::Connection> {
        Client::open(self.url.as_str())?.get_connection()
    }

    fn delete_keys(&self) -> RedisResult<()> {
        let mut connection = self.try_connect()?;
        let keys: Vec<String> = connection
            .scan_match(self.key("*"))?
            .collect::<RedisResult<_>>()?;
        if keys.is_empty() {
            return Ok(());
        }
        connection.del(keys)
    }
}

impl Drop for TestRedis {
    fn drop(&mut self) {
        if let Err(error) = self.delete_keys() {
            eprintln!(
                "the keys below {} could not be deleted: {error}",
                self.prefix
            );
        }
    }
}
