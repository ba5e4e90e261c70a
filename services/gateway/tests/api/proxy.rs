use serde_json::json;

use crate::test_app::{TestApp, json_body};

#[tokio::test]
async fn a_redirect_of_links_is_passed_to_the_client() {
    let app = TestApp::spawn().await;

    let response = app.get("/r/docs").await;

    assert_eq!(response.status(), 307);
    assert_eq!(response.headers()["location"], "https://example.com/");
}

#[tokio::test]
async fn a_request_reaches_the_api_of_links_with_its_body() {
    let app = TestApp::spawn().await;
    let new_link = json!({ "url": "https://example.com" });

    let response = app.post("/api/links", &new_link).await;

    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["location"], "links/new");
    let seen = json_body(response).await;
    assert_eq!(
        (&seen["method"], &seen["path"]),
        (&json!("POST"), &json!("/links"))
    );
    assert_eq!(seen["body"], new_link.to_string());
    assert_eq!(seen["headers"]["content-type"], "application/json");
}

#[tokio::test]
async fn path_and_query_are_passed_on_as_they_came() {
    let app = TestApp::spawn().await;

    let seen = json_body(app.get("/api/links/a%20b?x=%2F").await).await;

    assert_eq!(seen["path"], "/links/a%20b?x=%2F");
}

#[tokio::test]
async fn links_learns_the_client_and_the_request_id_but_no_api_key() {
    let app = TestApp::spawn().await;

    let response = app.get_with_key("/api/links/any", "secret").await;

    let request_id = response.headers()["x-request-id"].clone();
    let seen = json_body(response).await;
    assert_eq!(seen["headers"]["x-forwarded-for"], "127.0.0.1");
    assert_eq!(
        seen["headers"]["x-request-id"],
        request_id.to_str().unwrap()
    );
    assert_eq!(seen["headers"].get("x-api-key"), None);
}

#[tokio::test]
async fn only_the_public_paths_of_links_are_reachable() {
    let app = TestApp::spawn().await;

    for path in ["/links", "/docs", "/api/ready", "/api/links/a/b", "/r/a/b"] {
        assert_eq!(app.get(path).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn a_gateway_without_links_answers_502() {
    let app = TestApp::spawn_while_links_is_down().await;

    let response = app.get("/r/docs").await;

    assert_eq!(response.status(), 502);
    assert_eq!(json_body(response).await["code"], "upstream_unreachable");
}

#[tokio::test]
async fn a_request_that_links_does_not_answer_in_time_is_given_up_with_504() {
    let app = TestApp::spawn().await;

    let response = app.get("/api/links/slow").await;

    assert_eq!(response.status(), 504);
    assert_eq!(json_body(response).await["code"], "upstream_timed_out");
}
