use serde_json::json;

use crate::test_app::{TestApp, json_body};

#[tokio::test]
async fn a_link_is_created_with_the_slug_that_was_asked_for() {
    let app = TestApp::spawn().await;

    let response = app
        .create(&json!({ "url": "https://example.com/docs", "slug": "docs" }))
        .await;

    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["location"], "links/docs");
    let body = json_body(response).await;
    assert_eq!(body["slug"], "docs");
    assert_eq!(body["url"], "https://example.com/docs");
}

#[tokio::test]
async fn a_link_without_a_slug_is_given_a_random_one() {
    let app = TestApp::spawn().await;
    let new_link = json!({ "url": "https://example.com" });

    let first = json_body(app.create(&new_link).await).await;
    let second = json_body(app.create(&new_link).await).await;

    assert_eq!(first["slug"].as_str().map(str::len), Some(7));
    assert_ne!(first["slug"], second["slug"]);
}

#[tokio::test]
async fn a_slug_can_be_taken_only_once() {
    let app = TestApp::spawn().await;
    app.given_link("docs", "https://example.com/old").await;

    let response = app
        .create(&json!({ "url": "https://example.com/new", "slug": "docs" }))
        .await;

    assert_eq!(response.status(), 409);
    assert_eq!(json_body(response).await["code"], "slug_taken");
    let redirect = app.get("/docs").await;
    assert_eq!(redirect.headers()["location"], "https://example.com/old");
}

#[tokio::test]
async fn an_invalid_link_is_rejected_with_the_reason() {
    let app = TestApp::spawn().await;
    let url = "https://example.com";

    for (new_link, code) in [
        (json!({ "url": "not a url" }), "invalid_url"),
        (json!({ "url": "ftp://example.com" }), "invalid_url"),
        (json!({ "url": url, "slug": "no spaces" }), "invalid_slug"),
        (json!({ "url": url, "slug": "health" }), "invalid_slug"),
        (json!({ "slug": "docs" }), "invalid_body"),
    ] {
        let response = app.create(&new_link).await;

        assert_eq!(response.status(), 422, "{new_link}");
        assert_eq!(json_body(response).await["code"], code, "{new_link}");
    }
}

#[tokio::test]
async fn a_database_failure_is_a_500_that_says_nothing_about_the_database() {
    let app = TestApp::spawn().await;
    app.database.drop_now().await;

    let response = app.create(&json!({ "url": "https://example.com" })).await;

    assert_eq!(response.status(), 500);
    let body = json_body(response).await;
    assert_eq!(body["detail"], "Something went wrong on our side.");
}
