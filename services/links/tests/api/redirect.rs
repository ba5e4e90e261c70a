use std::collections::HashMap;

use redis::{Commands, streams::StreamRangeReply};
use service_kit::testing::{TestRedis, eventually};

use crate::test_app::TestApp;

fn clicks(redis: &TestRedis) -> Vec<HashMap<String, redis::Value>> {
    let stream: StreamRangeReply = redis
        .connect()
        .xrange_all(redis.key("clicks"))
        .expect("the stream can be read");
    stream.ids.into_iter().map(|entry| entry.map).collect()
}

fn text(value: &redis::Value) -> String {
    redis::from_redis_value_ref(value).expect("the field is text")
}

#[tokio::test]
async fn a_link_redirects_to_its_url() {
    let app = TestApp::spawn().await;
    app.given_link("docs", "https://example.com/docs?page=1")
        .await;

    let response = app.get("/docs").await;

    assert_eq!(response.status(), 307);
    assert_eq!(
        response.headers()["location"],
        "https://example.com/docs?page=1"
    );
}

#[tokio::test]
async fn an_unknown_link_is_not_found_and_nobody_clicked_it() {
    let app = TestApp::spawn().await;

    for path in ["/nobody", "/not%20a%20slug"] {
        assert_eq!(app.get(path).await.status(), 404, "{path}");
    }
    let (_database, redis) = app.stop().await;
    assert_eq!(clicks(&redis).len(), 0);
}

#[tokio::test]
async fn the_second_redirect_needs_no_database() {
    let app = TestApp::spawn().await;
    app.given_link("docs", "https://example.com").await;
    assert_eq!(app.get("/docs").await.status(), 307);
    app.database.drop_now().await;

    let response = app.get("/docs").await;

    assert_eq!(response.status(), 307);
    assert_eq!(response.headers()["location"], "https://example.com/");
}

#[tokio::test]
async fn what_is_cached_expires() {
    let app = TestApp::spawn().await;
    app.given_link("docs", "https://example.com").await;
    app.get("/docs").await;

    let seconds: i64 = app.redis.connect().ttl(app.redis.key("link:docs")).unwrap();

    assert!((1..=3600).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn each_redirect_is_told_to_the_click_stream() {
    let app = TestApp::spawn().await;
    app.given_link("docs", "https://example.com").await;

    app.get("/docs").await;
    app.get("/docs").await;

    let clicks = eventually("the second click", async || {
        Some(clicks(&app.redis)).filter(|clicks| clicks.len() == 2)
    })
    .await;
    assert_eq!(text(&clicks[0]["slug"]), "docs");
    assert!(text(&clicks[0]["clicked_at_ms"]).parse::<i64>().is_ok());
    assert_ne!(clicks[0]["event_id"], clicks[1]["event_id"]);
}

#[tokio::test]
async fn clicks_still_queued_at_shutdown_are_not_lost() {
    let app = TestApp::spawn().await;
    app.given_link("docs", "https://example.com").await;
    for _ in 0..20 {
        app.get("/docs").await;
    }

    let (_database, redis) = app.stop().await;

    assert_eq!(clicks(&redis).len(), 20);
}

#[tokio::test]
async fn links_redirect_while_redis_is_down() {
    let app = TestApp::spawn_while_redis_is_down().await;
    app.given_link("docs", "https://example.com").await;

    for _ in 0..2 {
        let response = app.get("/docs").await;

        assert_eq!(response.status(), 307);
        assert_eq!(response.headers()["location"], "https://example.com/");
    }
}
