use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use service_kit::Problem;

use crate::domain::{InvalidSlug, InvalidUrl, Slug};

#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// 422
    #[error(transparent)]
    InvalidUrl(#[from] InvalidUrl),
    /// 422
    #[error(transparent)]
    InvalidSlug(#[from] InvalidSlug),
    /// 409
    #[error("The slug `{0}` is taken.")]
    SlugTaken(Slug),
    /// 404
    #[error("There is no link with this slug.")]
    NotFound,
    /// 500
    #[error(transparent)]
    Unexpected(#[from] anyhow::Error),
}

impl From<LinkError> for Problem {
    fn from(error: LinkError) -> Self {
        let detail = error.to_string();
        match error {
            LinkError::InvalidUrl(_) => Problem::unprocessable("invalid_url", detail),
            LinkError::InvalidSlug(_) => Problem::unprocessable("invalid_slug", detail),
            LinkError::SlugTaken(_) => Problem::new(StatusCode::CONFLICT, "slug_taken", detail),
            LinkError::NotFound => Problem::not_found(detail),
            LinkError::Unexpected(cause) => Problem::internal(cause),
        }
    }
}

impl IntoResponse for LinkError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}
