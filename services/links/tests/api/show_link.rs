use crate::test_app::{TestApp, json_body};

#[tokio::test]
async fn a_link_is_shown_with_its_details() {
    let app = TestApp::spawn().await;
    app.given_link("docs", "https://example.com/docs").await;

    let response = app.get("/links/docs").await;

    assert_eq!(response.status(), 200);
    let body = json_body(response).await;
    assert_eq!(body["slug"], "docs");
    assert_eq!(body["url"], "https://example.com/docs");
    assert!(body["created_at"].is_string(), "{body}");
}

#[tokio::test]
async fn an_unknown_link_is_not_found() {
    let app = TestApp::spawn().await;

    for path in ["/links/nobody", "/links/not%20a%20slug"] {
        assert_eq!(app.get(path).await.status(), 404, "{path}");
    }
}
