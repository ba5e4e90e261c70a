use std::{net::SocketAddr, time::Duration};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use service_kit::Problem;

use super::{RateLimiter, limiter::Decision};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Lets a request pass, or answers 429. Either way the response says how the bucket stands.
pub async fn enforce(
    State(limiter): State<RateLimiter>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    // Between client and gateway only: what comes after has no use for the key.
    let api_key = request.headers_mut().remove(API_KEY);
    let api_key = api_key.as_ref().and_then(|key| key.to_str().ok());

    let Some(decision) = limiter.take(api_key, peer.ip()).await else {
        return next.run(request).await;
    };
    let mut response = if decision.allowed {
        next.run(request).await
    } else {
        too_many_requests(&decision)
    };
    response.headers_mut().extend(bucket_headers(&decision));
    response
}

fn too_many_requests(decision: &Decision) -> Response {
    let retry_after = whole_seconds(decision.next_token).max(1);
    let detail = format!("Too many requests. Try again in {retry_after} s.");
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail);
    ([(header::RETRY_AFTER, retry_after.to_string())], problem).into_response()
}

fn bucket_headers(decision: &Decision) -> HeaderMap {
    [
        (LIMIT, decision.limit.burst.get().into()),
        (REMAINING, decision.remaining.into()),
        (RESET, whole_seconds(decision.full).into()),
    ]
    .into_iter()
    .collect()
}

fn whole_seconds(duration: Duration) -> u64 {
    duration
        .as_millis()
        .div_ceil(1000)
        .try_into()
        .unwrap_or(u64::MAX)
}
