use std::{io, net::SocketAddr};

use service_kit::{Server, health::Readiness, redis};

use crate::{config::Config, rate_limit::RateLimiter, routes, upstream::Upstream};

pub struct Application {
    server: Server,
}

impl Application {
    pub async fn build(config: &Config) -> anyhow::Result<Self> {
        let redis = config.redis.connect()?;
        let limiter = RateLimiter::new(redis.clone(), config);
        let links = Upstream::new(config.links.clone(), config.upstream_timeout);

        let router = routes::router(links.clone(), limiter);
        let readiness = Readiness::new()
            .require("links", move || links.clone().ping())
            .tolerate("redis", move || redis::ping(redis.clone()));
        let server = Server::bind(&config.server, router, readiness).await?;
        Ok(Self { server })
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.server.local_addr()
    }

    /// Serves until `shutdown` completes.
    pub async fn run_until<F>(self, shutdown: F) -> anyhow::Result<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.server.run_until(shutdown).await
    }
}
