use axum::{
    Json,
    extract::rejection::{JsonRejection, QueryRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// A failed request, answered as `application/problem+json` (RFC 9457).
///
/// The client is told what it can act on; the cause goes to the log only.
///
/// ```
/// use axum::{http::StatusCode, response::IntoResponse};
/// use service_kit::Problem;
///
/// let problem = Problem::new(StatusCode::CONFLICT, "slug_taken", "The slug `docs` is taken.");
/// assert_eq!(problem.into_response().status(), StatusCode::CONFLICT);
/// ```
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    cause: Option<anyhow::Error>,
}

impl Problem {
    /// A problem with a `code` for programs and a `detail` for people.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            cause: None,
        }
    }

    /// 404: there is no such thing.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// 422: the request was understood and is not acceptable.
    pub fn unprocessable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }

    /// 500: our fault. The client learns nothing about `cause`.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        let detail = "Something went wrong on our side.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail).caused_by(cause)
    }

    /// Remembers what to log when this problem is sent.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

#[derive(Serialize)]
struct Body<'a> {
    status: u16,
    title: &'static str,
    code: &'static str,
    detail: &'a str,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Some(cause) = &self.cause {
            // `{:#}` writes the whole chain of causes on one line.
            tracing::error!(
                code = self.code,
                cause = format!("{cause:#}"),
                "request failed"
            );
        }
        let body = Json(Body {
            status: self.status.as_u16(),
            title: self.status.canonical_reason().unwrap_or_default(),
            code: self.code,
            detail: &self.detail,
        });
        let content_type = HeaderValue::from_static("application/problem+json");
        (self.status, [(header::CONTENT_TYPE, content_type)], body).into_response()
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(rejection.status(), "invalid_body", rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(rejection.status(), "invalid_query", rejection.body_text())
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::to_bytes, response::IntoResponse};
    use serde_json::{Value, json};

    use super::Problem;

    #[tokio::test]
    async fn the_cause_of_an_internal_problem_is_kept_from_the_client() {
        let cause = anyhow::anyhow!("password of db1 rejected").context("failed to read a link");

        let response = Problem::internal(cause).into_response();

        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        let expected = json!({
            "status": 500,
            "title": "Internal Server Error",
            "code": "internal",
            "detail": "Something went wrong on our side.",
        });
        assert_eq!(body, expected);
    }
}
