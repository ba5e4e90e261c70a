use std::{io, net::SocketAddr, time::Duration};

use anyhow::Context;
use service_kit::{Server, health::Readiness, postgres, redis};
use tokio::task::JoinHandle;

use crate::{
    cache::LinkCache,
    clicks::{self, ClickPublisher},
    config::Config,
    routes,
    store::LinkStore,
};

const FLUSH_TIMEOUT: Duration = Duration::from_secs(2);

pub struct Application {
    server: Server,
    click_forwarder: JoinHandle<()>,
}

impl Application {
    pub async fn build(config: &Config) -> anyhow::Result<Self> {
        let pool = config.postgres.connect().await?;
        sqlx::migrate!()
            .run(&pool)
            .await
            .context("failed to migrate the database")?;
        let redis = config.redis.connect()?;
        let (publisher, click_forwarder) =
            ClickPublisher::start(redis.clone(), config.redis.key(clicks::STREAM));

        let readiness = Readiness::new()
            .require("postgres", {
                let pool = pool.clone();
                move || postgres::ping(pool.clone())
            })
            // Redirects go on without Redis; taking every replica out of rotation would end them.
            .tolerate("redis", {
                let redis = redis.clone();
                move || redis::ping(redis.clone())
            });
        let router = routes::router(routes::AppState {
            store: LinkStore::new(pool),
            cache: LinkCache::new(redis, &config.redis, config.cache_ttl),
            clicks: publisher,
        });
        let server = Server::bind(&config.server, router, readiness).await?;
        Ok(Self {
            server,
            click_forwarder,
        })
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.server.local_addr()
    }

    /// Serves until `shutdown` completes, then sends the clicks that are still queued.
    pub async fn run_until<F>(self, shutdown: F) -> anyhow::Result<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.server.run_until(shutdown).await?;
        if tokio::time::timeout(FLUSH_TIMEOUT, self.click_forwarder)
            .await
            .is_err()
        {
            tracing::warn!("clicks were still queued at shutdown and are lost");
        }
        Ok(())
    }
}
