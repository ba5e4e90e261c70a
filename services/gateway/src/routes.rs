use std::net::SocketAddr;

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    middleware,
    response::Response,
    routing::{get, post},
};

use crate::{
    rate_limit::{self, RateLimiter},
    upstream::{Upstream, UpstreamError},
};

/// `/r/{slug}` and `/api/links` of the gateway are `/{slug}` and `/links` of the service.
pub fn router(links: Upstream, limiter: RateLimiter) -> Router {
    let redirects = Router::new().route("/{slug}", get(forward));
    let api = Router::new()
        .route("/links", post(forward))
        .route("/links/{slug}", get(forward));

    Router::new()
        .nest("/r", redirects)
        .nest("/api", api)
        .route_layer(middleware::from_fn_with_state(limiter, rate_limit::enforce))
        .with_state(links)
}

/// Nesting has taken the gateway's own part of the path away.
async fn forward(
    State(links): State<Upstream>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, UpstreamError> {
    links.forward(request, peer.ip()).await
}
