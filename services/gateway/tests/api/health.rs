use serde_json::json;

use crate::test_app::{TestApp, json_body};

#[tokio::test]
async fn the_gateway_is_alive_and_ready_when_links_and_redis_answer() {
    let app = TestApp::spawn().await;

    assert_eq!(app.get("/health").await.status(), 200);
    let response = app.get("/ready").await;

    assert_eq!(response.status(), 200);
    let checks = json!({ "links": "up", "redis": "up" });
    assert_eq!(
        json_body(response).await,
        json!({ "status": "ready", "checks": checks })
    );
}

#[tokio::test]
async fn the_gateway_is_not_ready_without_links_but_alive() {
    let app = TestApp::spawn_while_links_is_down().await;

    let response = app.get("/ready").await;

    assert_eq!(response.status(), 503);
    assert_eq!(json_body(response).await["checks"]["links"], "down");
    assert_eq!(app.get("/health").await.status(), 200);
}

#[tokio::test]
async fn the_gateway_is_ready_but_degraded_without_redis() {
    let app = TestApp::spawn_while_redis_is_down().await;

    let response = app.get("/ready").await;

    assert_eq!(response.status(), 200);
    assert_eq!(json_body(response).await["status"], "degraded");
}
