use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;

use super::AppState;
use crate::{domain::Slug, error::ClickError, store::DailyClicks};

const DAYS: i64 = 30;

#[derive(Serialize)]
pub struct Stats {
    slug: String,
    total: i64,
    per_day: Vec<DailyClicks>,
}

/// A slug without clicks has a total of 0: which links exist is not known here.
pub async fn stats(
    State(state): State<AppState>,
    Path(slug): Path<String>,
) -> Result<Json<Stats>, ClickError> {
    let slug = Slug::parse(slug)?;
    let (total, per_day) = tokio::try_join!(
        state.store.total(&slug),
        state.store.latest_days(&slug, DAYS),
    )?;
    Ok(Json(Stats {
        slug: slug.to_string(),
        total,
        per_day,
    }))
}
