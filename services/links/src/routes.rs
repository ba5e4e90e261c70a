mod create_link;
mod redirect;
mod show_link;

use axum::{
    Router,
    routing::{get, post},
};

use crate::{cache::LinkCache, clicks::ClickPublisher, store::LinkStore};

#[derive(Clone)]
pub struct AppState {
    pub store: LinkStore,
    pub cache: LinkCache,
    pub clicks: ClickPublisher,
}

pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/links", post(create_link::create_link))
        .route("/links/{slug}", get(show_link::show_link))
        .route("/{slug}", get(redirect::redirect))
        .with_state(state)
}
