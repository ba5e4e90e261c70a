//! What black-box tests need to run side by side on the same servers.
//!
//! The servers are named by `DATABASE_URL` and `REDIS_URL`. A test without them panics: a test
//! that did not run must not look like one that passed.

#[cfg(feature = "postgres")]
mod test_database;
#[cfg(feature = "redis")]
mod test_redis;

use std::time::Duration;

#[cfg(feature = "postgres")]
pub use test_database::TestDatabase;
#[cfg(feature = "redis")]
pub use test_redis::TestRedis;

fn required_variable(name: &str) -> String {
    std::env::var(name)
        .ok()
        .filter(|value| !value.is_empty())
        .unwrap_or_else(|| {
            panic!("{name} is not set: set {name}, or run `nx run <service>:test`, which does")
        })
}

/// Short enough to keep a database name below PostgreSQL's 63 bytes.
fn unique_suffix() -> String {
    let mut id = uuid::Uuid::new_v4().simple().to_string();
    id.truncate(12);
    id
}

/// Asks again until `probe` has an answer, for what a service does in the background.
///
/// # Panics
///
/// When there is none after five seconds.
pub async fn eventually<T>(what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let found = async {
        loop {
            match probe().await {
                Some(answer) => break answer,
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(5), found)
        .await
        .unwrap_or_else(|_| panic!("{what} did not happen within five seconds"))
}
