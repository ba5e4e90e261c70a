//! Structured logs, and a request id in every one of them.

use axum::{Router, extract::Request};
use tower_http::{
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    trace::{DefaultOnResponse, TraceLayer},
};
use tracing::{Level, Span, level_filters::LevelFilter};
use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts logging JSON lines to stdout, filtered by `RUST_LOG` (such as `warn,links=debug`; default
/// `info`). A second call changes nothing.
pub fn init() {
    let (filter, fault) = filter_from(std::env::var("RUST_LOG").ok().as_deref());
    let json = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_span_list(false);
    let started = tracing_subscriber::registry()
        .with(json.with_filter(filter))
        .try_init();

    if let (Ok(()), Some(fault)) = (started, fault) {
        tracing::warn!(%fault, "RUST_LOG is not valid; logging at info");
    }
}

fn filter_from(directives: Option<&str>) -> (Targets, Option<String>) {
    // Migrations make PostgreSQL notice, at each start, that their table exists already.
    let default = || {
        Targets::new()
            .with_default(LevelFilter::INFO)
            .with_target("sqlx::postgres::notice", LevelFilter::WARN)
    };
    match directives
        .filter(|text| !text.is_empty())
        .map(str::parse::<Targets>)
    {
        None => (default(), None),
        Some(Ok(filter)) => (filter, None),
        Some(Err(error)) => (default(), Some(error.to_string())),
    }
}

/// Gives each request of `router` an id and a span that carries it.
///
/// The id is the client's `x-request-id` or a new UUID; the response repeats it.
pub fn trace_requests(router: Router) -> Router {
    let trace = TraceLayer::new_for_http()
        .make_span_with(request_span)
        .on_response(DefaultOnResponse::new().level(Level::INFO))
        // `Problem` logs what failed; a second line would only repeat the status.
        .on_failure(());

    router
        .layer(trace)
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
}

fn request_span(request: &Request) -> Span {
    let request_id = request
        .extensions()
        .get::<RequestId>()
        .and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default();
    tracing::info_span!(
        "request",
        method = %request.method(),
        path = request.uri().path(),
        request_id,
    )
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        body::Body,
        extract::Request,
        http::{HeaderMap, HeaderValue},
        routing::get,
    };
    use tower::ServiceExt;
    use tracing::Level;

    use super::{filter_from, trace_requests};

    async fn respond(request: Request) -> HeaderMap {
        let echo = |headers: HeaderMap| async move { [("seen", headers["x-request-id"].clone())] };
        let router = trace_requests(Router::new().route("/", get(echo)));
        router.oneshot(request).await.unwrap().headers().clone()
    }

    #[tokio::test]
    async fn the_clients_request_id_reaches_the_handler_and_the_response() {
        let request = Request::get("/").header("x-request-id", "abc-1");

        let headers = respond(request.body(Body::empty()).unwrap()).await;

        assert_eq!(headers["seen"], "abc-1");
        assert_eq!(headers["x-request-id"], "abc-1");
    }

    #[tokio::test]
    async fn a_request_without_an_id_is_given_one() {
        let headers = respond(Request::get("/").body(Body::empty()).unwrap()).await;

        let id: &HeaderValue = &headers["x-request-id"];
        assert_eq!(id.len(), 36, "{id:?} is a UUID");
        assert_eq!(headers["seen"], id);
    }

    #[test]
    fn an_invalid_filter_is_reported_and_replaced_by_info() {
        let (filter, fault) = filter_from(Some("links=loud"));

        assert!(fault.is_some());
        assert!(filter.would_enable("links", &Level::INFO));
        assert!(!filter.would_enable("links", &Level::DEBUG));
    }
}
