use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use serde::Deserialize;
use service_kit::extract;

use super::AppState;
use crate::{
    domain::{Link, Slug, TargetUrl},
    error::LinkError,
    store::LinkStore,
};

const ATTEMPTS: usize = 3;

#[derive(Deserialize)]
pub struct NewLink {
    url: String,
    slug: Option<String>,
}

pub async fn create_link(
    State(state): State<AppState>,
    extract::Json(new_link): extract::Json<NewLink>,
) -> Result<impl IntoResponse, LinkError> {
    let url = TargetUrl::parse(&new_link.url)?;
    let link = match new_link.slug {
        Some(slug) => state.store.insert(Slug::parse(slug)?, &url).await?,
        None => insert_with_random_slug(&state.store, &url).await?,
    };
    // Relative, so that it also holds behind a gateway that puts this API below another path.
    let location = format!("links/{}", link.slug);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(link),
    ))
}

async fn insert_with_random_slug(store: &LinkStore, url: &TargetUrl) -> Result<Link, LinkError> {
    for _ in 1..ATTEMPTS {
        match store.insert(Slug::random(), url).await {
            Err(LinkError::SlugTaken(_)) => {}
            inserted_or_failed => return inserted_or_failed,
        }
    }
    store.insert(Slug::random(), url).await
}
