use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::{Click, Slug};

/// The counted clicks in PostgreSQL.
#[derive(Clone)]
pub struct ClickStore {
    pool: PgPool,
}

#[derive(Debug, Serialize)]
pub struct DailyClicks {
    pub day: NaiveDate,
    pub clicks: i64,
}

#[derive(Debug, Serialize)]
pub struct SlugClicks {
    pub slug: String,
    pub clicks: i64,
}

impl ClickStore {
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// Counts those of `clicks` that were not counted before; says how many those were.
    pub async fn count(&self, clicks: &[Click]) -> anyhow::Result<u64> {
        let event_ids: Vec<Uuid> = clicks.iter().map(|click| click.event_id).collect();
        let slugs: Vec<String> = clicks.iter().map(|click| click.slug.to_string()).collect();
        let times: Vec<DateTime<Utc>> = clicks.iter().map(|click| click.clicked_at).collect();

        // One statement, so that a click and its count are stored together or not at all.
        let counted =
            sqlx::query_file_scalar!("src/store/count_clicks.sql", &event_ids, &slugs, &times)
                .fetch_one(&self.pool)
                .await
                .context("failed to count clicks")?;
        Ok(counted.unsigned_abs())
    }

    pub async fn total(&self, slug: &Slug) -> anyhow::Result<i64> {
        sqlx::query_scalar!(
            r#"SELECT coalesce(sum(clicks), 0)::bigint AS "total!" FROM daily_clicks WHERE slug = $1"#,
            slug.as_str(),
        )
        .fetch_one(&self.pool)
        .await
        .context("failed to read the clicks of a link")
    }

    /// The latest days on which there were clicks, latest first.
    pub async fn latest_days(&self, slug: &Slug, days: i64) -> anyhow::Result<Vec<DailyClicks>> {
        sqlx::query_as!(
            DailyClicks,
            "SELECT day, clicks FROM daily_clicks WHERE slug = $1 ORDER BY day DESC LIMIT $2",
            slug.as_str(),
            days,
        )
        .fetch_all(&self.pool)
        .await
        .context("failed to read the daily clicks of a link")
    }

    pub async fn most_clicked(&self, limit: i64) -> anyhow::Result<Vec<SlugClicks>> {
        sqlx::query_as!(
            SlugClicks,
            r#"
            SELECT slug, sum(clicks)::bigint AS "clicks!"
            FROM daily_clicks
            GROUP BY slug
            ORDER BY 2 DESC, slug
            LIMIT $1
            "#,
            limit,
        )
        .fetch_all(&self.pool)
        .await
        .context("failed to read the most clicked links")
    }
}
