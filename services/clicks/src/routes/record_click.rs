use axum::{Json, extract::State, http::StatusCode};
use chrono::Utc;
use serde::{Deserialize, Serialize};
use service_kit::extract;
use uuid::Uuid;

use super::AppState;
use crate::{
    domain::{Click, Slug},
    error::ClickError,
};

#[derive(Deserialize)]
pub struct NewClick {
    slug: String,
    /// Given by a client that may send the same click twice.
    event_id: Option<Uuid>,
}

#[derive(Serialize)]
pub struct Accepted {
    event_id: Uuid,
}

pub async fn record_click(
    State(state): State<AppState>,
    extract::Json(new_click): extract::Json<NewClick>,
) -> Result<(StatusCode, Json<Accepted>), ClickError> {
    let click = Click {
        event_id: new_click.event_id.unwrap_or_else(Uuid::now_v7),
        slug: Slug::parse(new_click.slug)?,
        clicked_at: Utc::now(),
    };
    state
        .stream
        .append(&click)
        .await
        .map_err(ClickError::StreamUnavailable)?;
    let event_id = click.event_id;
    Ok((StatusCode::ACCEPTED, Json(Accepted { event_id })))
}
