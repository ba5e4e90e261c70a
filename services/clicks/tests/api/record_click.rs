use serde_json::json;

use crate::test_app::{TestApp, json_body};

const EVENT_ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

#[tokio::test]
async fn a_click_is_accepted_and_then_counted() {
    let app = TestApp::spawn().await;

    let response = app.record(&json!({ "slug": "docs" })).await;

    assert_eq!(response.status(), 202);
    assert!(json_body(response).await["event_id"].is_string());
    app.stats_once_total_is("docs", 1).await;
}

#[tokio::test]
async fn the_same_click_sent_twice_is_counted_once() {
    let app = TestApp::spawn().await;
    let click = json!({ "slug": "docs", "event_id": EVENT_ID });

    app.record(&click).await;
    app.record(&click).await;
    app.record(&json!({ "slug": "last" })).await;

    app.stats_once_total_is("last", 1).await;
    app.stats_once_total_is("docs", 1).await;
}

#[tokio::test]
async fn an_invalid_click_is_rejected_with_the_reason() {
    let app = TestApp::spawn().await;

    for (click, code) in [
        (json!({ "slug": "no spaces" }), "invalid_slug"),
        (json!({ "slug": "docs", "event_id": "7" }), "invalid_body"),
        (json!({}), "invalid_body"),
    ] {
        let response = app.record(&click).await;

        assert_eq!(response.status(), 422, "{click}");
        assert_eq!(json_body(response).await["code"], code, "{click}");
    }
}

#[tokio::test]
async fn clicks_are_refused_while_redis_is_down() {
    let app = TestApp::spawn_while_redis_is_down().await;

    let response = app.record(&json!({ "slug": "docs" })).await;

    assert_eq!(response.status(), 503);
    assert_eq!(json_body(response).await["code"], "stream_unavailable");
}
