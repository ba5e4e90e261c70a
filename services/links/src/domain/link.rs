use chrono::{DateTime, Utc};
use serde::Serialize;

#[derive(Debug, Serialize, sqlx::FromRow)]
pub struct Link {
    pub slug: String,
    pub url: String,
    pub created_at: DateTime<Utc>,
}
