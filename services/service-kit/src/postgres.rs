//! The connection to PostgreSQL.

use std::time::Duration;

use anyhow::Context;
use sqlx::{
    ConnectOptions, Connection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::config::{Environment, Secret};

const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
const DEFAULT_MAX_CONNECTIONS: u32 = 10;

/// How to reach the database of a service.
#[derive(Debug, Clone)]
pub struct PostgresConfig {
    options: Secret<PgConnectOptions>,
    max_connections: u32,
}

impl PostgresConfig {
    /// Reads `DATABASE_URL` and `DATABASE_MAX_CONNECTIONS` (default 10).
    pub fn read(env: &mut Environment) -> Option<Self> {
        let options = env.required("DATABASE_URL");
        let max_connections = env.or_default("DATABASE_MAX_CONNECTIONS", DEFAULT_MAX_CONNECTIONS);
        Some(Self {
            options: options?,
            max_connections: max_connections?,
        })
    }

    /// Opens a pool of connections. Fails when the database does not answer.
    pub async fn connect(&self) -> anyhow::Result<PgPool> {
        let options = self.options.expose();
        // A pool would try again until it runs out of time, and then not say why.
        let connection = options.connect().await.with_context(|| {
            let (host, port) = (options.get_host(), options.get_port());
            format!("failed to connect to PostgreSQL at {host}:{port}")
        })?;
        connection.close().await?;

        let pool = PgPoolOptions::new()
            .max_connections(self.max_connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(options.clone());
        Ok(pool)
    }
}

/// Fails unless the database answers a query.
pub async fn ping(pool: PgPool) -> anyhow::Result<()> {
    sqlx::query("SELECT 1").execute(&pool).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::PostgresConfig;
    use crate::config::Environment;

    #[test]
    fn the_password_is_kept_out_of_debug_output() {
        let url = "postgres://app:s3cret@localhost/app";
        let mut env = Environment::from_iter([("DATABASE_URL", url)]);

        let debug = format!("{:?}", PostgresConfig::read(&mut env).unwrap());

        assert!(!debug.contains("s3cret"), "{debug}");
    }
}
