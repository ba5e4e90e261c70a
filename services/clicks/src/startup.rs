use std::{io, net::SocketAddr};

use anyhow::Context;
use service_kit::{Server, health::Readiness, postgres, redis};
use tokio_util::sync::CancellationToken;

use crate::{
    config::Config,
    routes,
    store::ClickStore,
    stream::{ClickStream, STREAM},
    worker::{ClickWorker, WorkerSettings},
};

pub struct Application {
    server: Server,
    worker: ClickWorker,
}

impl Application {
    pub async fn build(config: &Config) -> anyhow::Result<Self> {
        let pool = config.postgres.connect().await?;
        sqlx::migrate!()
            .run(&pool)
            .await
            .context("failed to migrate the database")?;
        let redis = config.redis.connect()?;
        let store = ClickStore::new(pool.clone());

        let router = routes::router(routes::AppState {
            store: store.clone(),
            stream: ClickStream::new(redis.clone(), config.redis.key(STREAM)),
        });
        let readiness = Readiness::new()
            .require("postgres", move || postgres::ping(pool.clone()))
            .require("redis", move || redis::ping(redis.clone()));
        Ok(Self {
            server: Server::bind(&config.server, router, readiness).await?,
            worker: build_worker(config, store)?,
        })
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.server.local_addr()
    }

    /// Serves and counts until `shutdown` completes, then finishes the batch in work.
    pub async fn run_until<F>(self, shutdown: F) -> anyhow::Result<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let stop = CancellationToken::new();
        let serve = async {
            let result = self.server.run_until(shutdown).await;
            stop.cancel();
            result
        };
        let (served, ()) = tokio::join!(serve, self.worker.run_until(stop.clone()));
        served
    }
}

fn build_worker(config: &Config, store: ClickStore) -> anyhow::Result<ClickWorker> {
    let settings = WorkerSettings::for_consumer(&config.consumer);
    // Waiting for events would hold up every other command on the same connection.
    let redis = config.redis.connect_blocking(settings.wait)?;
    let stream = ClickStream::new(redis, config.redis.key(STREAM));
    Ok(ClickWorker::new(store, stream, settings))
}
