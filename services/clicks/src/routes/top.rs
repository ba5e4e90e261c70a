use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use service_kit::extract::Query;

use super::AppState;
use crate::{error::ClickError, store::SlugClicks};

const DEFAULT_LIMIT: u8 = 10;
const MAX_LIMIT: u8 = 100;

#[derive(Deserialize)]
pub struct TopQuery {
    limit: Option<u8>,
}

#[derive(Serialize)]
pub struct Top {
    links: Vec<SlugClicks>,
}

pub async fn top(
    State(state): State<AppState>,
    Query(query): Query<TopQuery>,
) -> Result<Json<Top>, ClickError> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    let links = state.store.most_clicked(limit.into()).await?;
    Ok(Json(Top { links }))
}
