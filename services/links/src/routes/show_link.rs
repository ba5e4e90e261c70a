use axum::{
    Json,
    extract::{Path, State},
};

use super::AppState;
use crate::{
    domain::{Link, Slug},
    error::LinkError,
};

pub async fn show_link(
    State(state): State<AppState>,
    Path(slug): Path<String>,
) -> Result<Json<Link>, LinkError> {
    let slug = Slug::parse(slug).map_err(|_| LinkError::NotFound)?;
    state.store.find(&slug).await.map(Json)
}
