use futures_util::future::join_all;
use reqwest::Response;
use service_kit::testing::eventually;

use crate::test_app::{TestApp, json_body};

fn number(response: &Response, header: &str) -> u64 {
    let value = response.headers()[header].to_str();
    value
        .ok()
        .and_then(|text| text.parse().ok())
        .expect("the header is a number")
}

#[tokio::test]
async fn a_client_that_asks_too_often_is_told_when_to_come_back() {
    let app = TestApp::spawn_with(&[("API_KEY_LIMITS", "slow=2/m")]).await;
    for remaining in [1, 0] {
        let response = app.get_with_key("/r/docs", "slow").await;
        assert_eq!(response.status(), 307);
        assert_eq!(number(&response, "ratelimit-remaining"), remaining);
    }

    let response = app.get_with_key("/r/docs", "slow").await;

    assert_eq!(response.status(), 429);
    assert_eq!(number(&response, "ratelimit-limit"), 2);
    assert_eq!(number(&response, "ratelimit-remaining"), 0);
    assert!((1..=30).contains(&number(&response, "retry-after")));
    assert!((31..=60).contains(&number(&response, "ratelimit-reset")));
    assert_eq!(json_body(response).await["code"], "rate_limited");
}

#[tokio::test]
async fn a_token_comes_back_with_time() {
    let app = TestApp::spawn_with(&[("RATE_LIMIT_PER_SECOND", "1")]).await;
    let answered = async |status: u16| (app.get("/r/docs").await.status() == status).then_some(());

    eventually("a refusal", async || answered(429).await).await;
    eventually("a token", async || answered(307).await).await;
}

#[tokio::test]
async fn requests_at_the_same_time_get_no_more_than_the_burst() {
    let app = TestApp::spawn_with(&[("API_KEY_LIMITS", "slow=3/h")]).await;

    let responses = join_all((0..20).map(|_| app.get_with_key("/r/docs", "slow"))).await;

    let passed = responses.iter().filter(|response| response.status() == 307);
    assert_eq!(passed.count(), 3);
}

#[tokio::test]
async fn each_known_key_has_a_bucket_of_its_own() {
    let app = TestApp::spawn_with(&[("API_KEY_LIMITS", "one=1/h,other=1/h")]).await;

    assert_eq!(app.get_with_key("/r/docs", "one").await.status(), 307);
    assert_eq!(app.get_with_key("/r/docs", "one").await.status(), 429);
    assert_eq!(app.get_with_key("/r/docs", "other").await.status(), 307);
}

#[tokio::test]
async fn an_invented_key_does_not_get_around_the_limit() {
    let app = TestApp::spawn_with(&[("RATE_LIMIT_PER_SECOND", "1")]).await;

    let keys = (0..10).map(|number| format!("invented-{number}"));
    let responses = join_all(keys.map(async |key| app.get_with_key("/r/docs", &key).await)).await;

    assert!(responses.iter().any(|response| response.status() == 429));
}

#[tokio::test]
async fn every_request_passes_while_redis_is_down() {
    let app = TestApp::spawn_while_redis_is_down().await;

    let response = app.get("/r/docs").await;

    assert_eq!(response.status(), 307);
    assert!(!response.headers().contains_key("ratelimit-limit"));
}

#[tokio::test]
async fn health_checks_are_not_limited() {
    let app = TestApp::spawn_with(&[("RATE_LIMIT_PER_SECOND", "1")]).await;

    for _ in 0..3 {
        assert_eq!(app.get("/health").await.status(), 200);
    }
}
