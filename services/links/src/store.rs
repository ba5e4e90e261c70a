use anyhow::Context;
use sqlx::PgPool;

use crate::{
    domain::{Link, Slug, TargetUrl},
    error::LinkError,
};

/// The links in PostgreSQL.
#[derive(Clone)]
pub struct LinkStore {
    pool: PgPool,
}

impl LinkStore {
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    pub async fn insert(&self, slug: Slug, url: &TargetUrl) -> Result<Link, LinkError> {
        sqlx::query_as!(
            Link,
            "INSERT INTO links (slug, url) VALUES ($1, $2) RETURNING slug, url, created_at",
            slug.as_str(),
            url.as_str(),
        )
        .fetch_one(&self.pool)
        .await
        .map_err(|error| match violated_constraint(&error) {
            Some("links_slug_key") => LinkError::SlugTaken(slug),
            _ => anyhow::Error::new(error)
                .context("failed to insert a link")
                .into(),
        })
    }

    pub async fn find(&self, slug: &Slug) -> Result<Link, LinkError> {
        sqlx::query_as!(
            Link,
            "SELECT slug, url, created_at FROM links WHERE slug = $1",
            slug.as_str(),
        )
        .fetch_optional(&self.pool)
        .await
        .context("failed to read a link")?
        .ok_or(LinkError::NotFound)
    }
}

fn violated_constraint(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error()?.constraint()
}
