mod record_click;
mod stats;
mod top;

use axum::{
    Router,
    routing::{get, post},
};

use crate::{store::ClickStore, stream::ClickStream};

#[derive(Clone)]
pub struct AppState {
    pub store: ClickStore,
    pub stream: ClickStream,
}

pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/clicks", post(record_click::record_click))
        .route("/stats/top", get(top::top))
        .route("/stats/{slug}", get(stats::stats))
        .with_state(state)
}
