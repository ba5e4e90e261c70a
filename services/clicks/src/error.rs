use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use service_kit::Problem;

use crate::domain::InvalidSlug;

#[derive(Debug, thiserror::Error)]
pub enum ClickError {
    /// 422
    #[error(transparent)]
    InvalidSlug(#[from] InvalidSlug),
    /// 503
    #[error("Clicks are not accepted at the moment.")]
    StreamUnavailable(#[source] redis::RedisError),
    /// 500
    #[error(transparent)]
    Unexpected(#[from] anyhow::Error),
}

impl From<ClickError> for Problem {
    fn from(error: ClickError) -> Self {
        let detail = error.to_string();
        match error {
            ClickError::InvalidSlug(_) => Problem::unprocessable("invalid_slug", detail),
            ClickError::StreamUnavailable(cause) => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "stream_unavailable",
                detail,
            )
            .caused_by(cause),
            ClickError::Unexpected(cause) => Problem::internal(cause),
        }
    }
}

impl IntoResponse for ClickError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}
