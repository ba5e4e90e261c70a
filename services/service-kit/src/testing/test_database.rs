use std::thread;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use url::Url;

use super::{required_variable, unique_suffix};

/// PostgreSQL cuts longer names off, which would make two databases one.
const LONGEST_NAME: usize = 63;

/// An empty database on the server of `DATABASE_URL`, dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    server: Url,
    name: String,
}

impl TestDatabase {
    /// Creates `<name in DATABASE_URL>_<random>`.
    ///
    /// # Panics
    ///
    /// When `DATABASE_URL` is not set, is not valid, or its server does not create the database.
    pub async fn create() -> Self {
        let server: Url = required_variable("DATABASE_URL")
            .parse()
            .expect("DATABASE_URL is a URL");
        let base = server.path().trim_start_matches('/');
        let name = format!("{base}_{}", unique_suffix());
        assert!(name.len() <= LONGEST_NAME, "`{name}` is too long a name");

        execute(&server, format!(r#"CREATE DATABASE "{name}""#))
            .await
            .expect("the server of DATABASE_URL creates a database");
        Self { server, name }
    }

    /// The URL of the new database.
    pub fn url(&self) -> String {
        let mut url = self.server.clone();
        url.set_path(&self.name);
        url.into()
    }

    /// Drops the database while it is in use, to see what a service does without it.
    ///
    /// # Panics
    ///
    /// When the server refuses.
    pub async fn drop_now(&self) {
        drop_database(&self.server, &self.name)
            .await
            .expect("the server of DATABASE_URL drops a database");
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A thread of its own, because a runtime cannot be entered from within another.
        let dropped = thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?
                .block_on(drop_database(&server, &name))
        });
        if !matches!(dropped.join(), Ok(Ok(()))) {
            eprintln!("the test database {} could not be dropped", self.name);
        }
    }
}

async fn drop_database(server: &Url, name: &str) -> sqlx::Result<()> {
    let statement = format!(r#"DROP DATABASE IF EXISTS "{name}" WITH (FORCE)"#);
    execute(server, statement).await
}

async fn execute(server: &Url, statement: String) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect(server.as_str()).await?;
    connection.execute(AssertSqlSafe(statement)).await?;
    connection.close().await
}
