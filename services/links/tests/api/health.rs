use serde_json::json;

use crate::test_app::{TestApp, json_body};

#[tokio::test]
async fn the_service_is_alive_and_ready_when_postgres_and_redis_answer() {
    let app = TestApp::spawn().await;

    assert_eq!(app.get("/health").await.status(), 200);
    let response = app.get("/ready").await;

    assert_eq!(response.status(), 200);
    let checks = json!({ "postgres": "up", "redis": "up" });
    assert_eq!(
        json_body(response).await,
        json!({ "status": "ready", "checks": checks })
    );
}

#[tokio::test]
async fn the_service_is_not_ready_without_its_database_but_alive() {
    let app = TestApp::spawn().await;
    app.database.drop_now().await;

    let response = app.get("/ready").await;

    assert_eq!(response.status(), 503);
    assert_eq!(json_body(response).await["checks"]["postgres"], "down");
    assert_eq!(app.get("/health").await.status(), 200);
}

#[tokio::test]
async fn the_service_is_ready_but_degraded_without_redis() {
    let app = TestApp::spawn_while_redis_is_down().await;

    let response = app.get("/ready").await;

    assert_eq!(response.status(), 200);
    let checks = json!({ "postgres": "up", "redis": "down" });
    assert_eq!(
        json_body(response).await,
        json!({ "status": "degraded", "checks": checks })
    );
}

#[tokio::test]
async fn a_response_repeats_the_request_id() {
    let app = TestApp::spawn().await;

    let response = app.get("/nobody").await;

    assert!(response.headers().contains_key("x-request-id"));
}
