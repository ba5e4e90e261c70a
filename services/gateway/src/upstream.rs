//! Passing a request on to another service.

mod headers;
mod url;

use std::{net::IpAddr, time::Duration};

use axum::{
    body::Body,
    extract::Request,
    http::{StatusCode, Version},
    response::{IntoResponse, Response},
};
use hyper_util::{
    client::legacy::{self, Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use service_kit::Problem;

use headers::{add_forwarded_for, remove_hop_by_hop};
pub use url::UpstreamUrl;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// A service behind the gateway.
#[derive(Clone)]
pub struct Upstream {
    client: Client<HttpConnector, Body>,
    url: UpstreamUrl,
    timeout: Duration,
}

#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    /// 502
    #[error("The service behind this gateway cannot be reached.")]
    Unreachable(#[source] legacy::Error),
    /// 504
    #[error("The service behind this gateway did not answer in time.")]
    TimedOut,
}

impl Upstream {
    pub fn new(url: UpstreamUrl, timeout: Duration) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build(connector);
        Self {
            client,
            url,
            timeout,
        }
    }

    /// Sends a request of `client` on to the same path and streams the answer back.
    pub async fn forward(
        &self,
        mut request: Request,
        client: IpAddr,
    ) -> Result<Response, UpstreamError> {
        *request.uri_mut() = self.url.join(request.uri().path_and_query());
        *request.version_mut() = Version::HTTP_11;
        remove_hop_by_hop(request.headers_mut());
        add_forwarded_for(request.headers_mut(), client);

        let mut response = self.send(request).await?;
        remove_hop_by_hop(response.headers_mut());
        Ok(response)
    }

    /// Fails unless the service says that it is alive.
    pub async fn ping(self) -> anyhow::Result<()> {
        let health = self.url.join(Some(&"/health".parse()?));
        let response = self.send(Request::get(health).body(Body::empty())?).await?;
        anyhow::ensure!(
            response.status().is_success(),
            "it answered {}",
            response.status()
        );
        Ok(())
    }

    async fn send(&self, request: Request) -> Result<Response, UpstreamError> {
        tokio::time::timeout(self.timeout, self.client.request(request))
            .await
            .map_err(|_| UpstreamError::TimedOut)?
            .map(|response| response.map(Body::new))
            .map_err(UpstreamError::Unreachable)
    }
}

impl From<UpstreamError> for Problem {
    fn from(error: UpstreamError) -> Self {
        let (status, code) = match error {
            UpstreamError::Unreachable(_) => (StatusCode::BAD_GATEWAY, "upstream_unreachable"),
            UpstreamError::TimedOut => (StatusCode::GATEWAY_TIMEOUT, "upstream_timed_out"),
        };
        Problem::new(status, code, error.to_string()).caused_by(error)
    }
}

impl IntoResponse for UpstreamError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}
