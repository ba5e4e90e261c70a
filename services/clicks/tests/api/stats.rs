use serde_json::json;

use crate::test_app::{TestApp, json_body};

#[tokio::test]
async fn the_clicks_of_a_link_are_counted_per_day() {
    let app = TestApp::spawn().await;
    app.given_clicks("docs", 3).await;
    app.given_clicks("other", 1).await;

    let stats = json_body(app.get("/stats/docs").await).await;

    assert_eq!(stats["slug"], "docs");
    assert_eq!(stats["total"], 3);
    let per_day = stats["per_day"].as_array().unwrap();
    let sum: i64 = per_day
        .iter()
        .filter_map(|day| day["clicks"].as_i64())
        .sum();
    assert_eq!(sum, 3, "{per_day:?}");
    assert_eq!(
        per_day[0]["day"].as_str().unwrap().len(),
        "2026-01-01".len()
    );
}

#[tokio::test]
async fn a_link_that_nobody_clicked_has_a_total_of_zero() {
    let app = TestApp::spawn().await;

    let stats = json_body(app.get("/stats/nobody").await).await;

    assert_eq!(
        stats,
        json!({ "slug": "nobody", "total": 0, "per_day": [] })
    );
}

#[tokio::test]
async fn the_most_clicked_links_come_first() {
    let app = TestApp::spawn().await;
    app.given_clicks("some", 1).await;
    app.given_clicks("most", 3).await;
    app.given_clicks("more", 2).await;

    let top = json_body(app.get("/stats/top?limit=2").await).await;

    let most = json!({ "slug": "most", "clicks": 3 });
    let more = json!({ "slug": "more", "clicks": 2 });
    assert_eq!(top, json!({ "links": [most, more] }));
}

#[tokio::test]
async fn an_invalid_question_is_rejected_with_the_reason() {
    let app = TestApp::spawn().await;

    let slug = app.get("/stats/not%20a%20slug").await;
    let limit = app.get("/stats/top?limit=many").await;

    assert_eq!(slug.status(), 422);
    assert_eq!(json_body(slug).await["code"], "invalid_slug");
    assert_eq!(limit.status(), 400);
    assert_eq!(json_body(limit).await["code"], "invalid_query");
}
