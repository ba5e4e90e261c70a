//! `/health` says that the process lives, `/ready` that what it needs answers.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{Json, Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use futures_util::future::{BoxFuture, FutureExt, join_all};
use serde::Serialize;
use serde_json::json;

/// Below the one second after which Kubernetes gives up on a probe by default.
const PROBE_TIMEOUT: Duration = Duration::from_millis(800);

/// What a service needs in order to answer requests.
#[derive(Default)]
pub struct Readiness {
    checks: Vec<Check>,
}

struct Check {
    name: &'static str,
    required: bool,
    probe: Box<dyn Fn() -> BoxFuture<'static, anyhow::Result<()>> + Send + Sync>,
}

impl Readiness {
    /// Nothing is needed yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a dependency without which `/ready` is 503.
    #[must_use]
    pub fn require<P, F>(self, name: &'static str, probe: P) -> Self
    where
        P: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        self.check(name, true, probe)
    }

    /// Adds a dependency that the service can do without: `/ready` stays 200 and says `degraded`.
    #[must_use]
    pub fn tolerate<P, F>(self, name: &'static str, probe: P) -> Self
    where
        P: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        self.check(name, false, probe)
    }

    /// The routes `/health` and `/ready`.
    pub fn routes(self) -> Router {
        Router::new()
            .route("/ready", get(ready))
            .with_state(Arc::new(self))
            .route("/health", get(alive))
    }

    fn check<P, F>(mut self, name: &'static str, required: bool, probe: P) -> Self
    where
        P: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        self.checks.push(Check {
            name,
            required,
            probe: Box::new(move || probe().boxed()),
        });
        self
    }
}

impl Check {
    async fn answers(&self) -> bool {
        let outcome = tokio::time::timeout(PROBE_TIMEOUT, (self.probe)()).await;
        let cause = match outcome {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => format!("{error:#}"),
            Err(_) => format!("no answer within {PROBE_TIMEOUT:?}"),
        };
        tracing::warn!(dependency = self.name, cause, "not ready");
        false
    }
}

#[derive(Serialize)]
struct Report {
    status: &'static str,
    checks: BTreeMap<&'static str, &'static str>,
}

async fn alive() -> impl IntoResponse {
    Json(json!({ "status": "alive" }))
}

async fn ready(State(readiness): State<Arc<Readiness>>) -> impl IntoResponse {
    let checks = &readiness.checks;
    let answers = join_all(checks.iter().map(Check::answers)).await;
    let failed = || checks.iter().zip(&answers).filter(|(_, up)| !**up);

    let (code, status) = match (failed().next(), failed().any(|(check, _)| check.required)) {
        (None, _) => (StatusCode::OK, "ready"),
        (Some(_), false) => (StatusCode::OK, "degraded"),
        (Some(_), true) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    };
    let checks = checks
        .iter()
        .zip(&answers)
        .map(|(check, up)| (check.name, if *up { "up" } else { "down" }))
        .collect();
    (code, Json(Report { status, checks }))
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::{
        body::{Body, to_bytes},
        http::{Request, StatusCode},
    };
    use serde_json::{Value, json};
    use tower::ServiceExt;

    use super::Readiness;

    async fn get(readiness: Readiness, path: &str) -> (StatusCode, Value) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = readiness.routes().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    async fn answers() -> anyhow::Result<()> {
        Ok(())
    }

    async fn refuses() -> anyhow::Result<()> {
        anyhow::bail!("connection refused")
    }

    #[tokio::test]
    async fn a_live_service_is_healthy_even_when_nothing_it_needs_answers() {
        let (status, _) = get(Readiness::new().require("postgres", refuses), "/health").await;

        assert_eq!(status, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_required_dependency_that_fails_is_named_with_503() {
        let readiness = Readiness::new()
            .require("postgres", answers)
            .require("redis", refuses);

        let (status, body) = get(readiness, "/ready").await;

        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        let checks = json!({ "postgres": "up", "redis": "down" });
        assert_eq!(body, json!({ "status": "unavailable", "checks": checks }));
    }

    #[tokio::test]
    async fn a_tolerated_dependency_that_fails_leaves_the_service_ready_but_degraded() {
        let readiness = Readiness::new()
            .require("postgres", answers)
            .tolerate("redis", refuses);

        let (status, body) = get(readiness, "/ready").await;

        assert_eq!(status, StatusCode::OK);
        assert_eq!(body["status"], "degraded");
        assert_eq!(body["checks"]["redis"], "down");
    }

    #[tokio::test]
    async fn a_dependency_that_never_answers_counts_as_down() {
        let (status, body) = get(Readiness::new().require("postgres", pending), "/ready").await;

        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(body["checks"]["postgres"], "down");
    }
}
