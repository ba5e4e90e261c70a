use axum::{
    extract::{Path, State},
    response::Redirect,
};

use super::AppState;
use crate::{clicks::Click, domain::Slug, error::LinkError};

pub async fn redirect(
    State(state): State<AppState>,
    Path(slug): Path<String>,
) -> Result<Redirect, LinkError> {
    let slug = Slug::parse(slug).map_err(|_| LinkError::NotFound)?;
    let url = resolve(&state, &slug).await?;
    state.clicks.publish(Click::now(slug));
    Ok(Redirect::temporary(&url))
}

async fn resolve(state: &AppState, slug: &Slug) -> Result<String, LinkError> {
    let cached = state.cache.get(slug).await;
    if let Ok(Some(url)) = cached {
        return Ok(url);
    }
    let url = state.store.find(slug).await?.url;
    if cached.is_ok() {
        state.cache.put(slug, &url).await;
    }
    Ok(url)
}
