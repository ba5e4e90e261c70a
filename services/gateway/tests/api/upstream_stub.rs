use std::{net::SocketAddr, time::Duration};

use axum::{
    Json, Router,
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

/// Stands for the links service: repeats what it was sent, and ends with the runtime of the test.
pub async fn spawn() -> SocketAddr {
    let router = Router::new()
        .route("/health", get(async || "alive"))
        .route(
            "/docs",
            get(async || Redirect::temporary("https://example.com/")),
        )
        .route(
            "/links/slow",
            get(async || tokio::time::sleep(Duration::MAX).await),
        )
        .fallback(repeat);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("the stub listens");
    tokio::spawn(async { axum::serve(listener, router).await });
    address
}

async fn repeat(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await;
    let body = String::from_utf8(body.expect("the body arrives").into());
    let text = |value: &header::HeaderValue| Value::from(value.to_str().unwrap_or_default());
    let headers: Map<_, _> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), text(value)))
        .collect();
    let seen = json!({
        "method": parts.method.as_str(),
        "path": parts.uri.to_string(),
        "headers": headers,
        "body": body.expect("the body is text"),
    });
    (
        StatusCode::CREATED,
        [(header::LOCATION, "links/new")],
        Json(seen),
    )
        .into_response()
}
