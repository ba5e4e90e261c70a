use clicks::{config::Config, startup::Application};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use service_kit::{
    config::Environment,
    testing::{TestDatabase, TestRedis, eventually},
};
use tokio::{sync::oneshot, task::JoinHandle};

/// Nothing listens on port 1.
const NO_REDIS: &str = "redis://127.0.0.1:1";

/// The service on a free port, with a database and a part of Redis of its own.
pub struct TestApp {
    pub database: TestDatabase,
    pub redis: TestRedis,
    address: String,
    client: Client,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<anyhow::Result<()>>,
}

impl TestApp {
    pub async fn spawn() -> Self {
        let redis = TestRedis::create();
        let url = redis.url().to_owned();
        Self::spawn_with(redis, &url).await
    }

    pub async fn spawn_while_redis_is_down() -> Self {
        Self::spawn_with(TestRedis::create(), NO_REDIS).await
    }

    async fn spawn_with(redis: TestRedis, redis_url: &str) -> Self {
        let database = TestDatabase::create().await;
        let config = config(&database, redis_url, redis.prefix());
        let application = Application::build(&config).await.expect("clicks starts");
        let address = application.local_addr().expect("clicks listens");
        let (stop, stopped) = oneshot::channel();
        let shutdown = async { stopped.await.unwrap_or_default() };
        Self {
            database,
            redis,
            address: format!("http://{address}"),
            client: Client::new(),
            stop,
            ended: tokio::spawn(application.run_until(shutdown)),
        }
    }

    pub async fn get(&self, path: &str) -> Response {
        let request = self.client.get(format!("{}{path}", self.address));
        request.send().await.expect("clicks answers")
    }

    pub async fn record(&self, click: &Value) -> Response {
        let request = self.client.post(format!("{}/clicks", self.address));
        request.json(click).send().await.expect("clicks answers")
    }

    /// Records clicks that a test needs but is not about, and waits until they are counted.
    pub async fn given_clicks(&self, slug: &str, count: u64) {
        for _ in 0..count {
            let response = self.record(&json!({ "slug": slug })).await;
            assert_eq!(response.status(), 202);
        }
        self.stats_once_total_is(slug, count).await;
    }

    pub async fn stats_once_total_is(&self, slug: &str, total: u64) -> Value {
        eventually(&format!("click {total} on {slug}"), async || {
            let stats = json_body(self.get(&format!("/stats/{slug}")).await).await;
            (stats["total"] == total).then_some(stats)
        })
        .await
    }

    /// Stops the service as SIGTERM would. The database and Redis stay for the returned values.
    pub async fn stop(self) -> (TestDatabase, TestRedis) {
        self.stop.send(()).expect("clicks still runs");
        let result = self.ended.await.expect("clicks does not panic");
        result.expect("clicks stops without an error");
        (self.database, self.redis)
    }
}

pub fn config(database: &TestDatabase, redis_url: &str, redis_prefix: &str) -> Config {
    let environment = Environment::from_iter([
        ("PORT", "0"),
        ("DATABASE_URL", &database.url()),
        ("REDIS_URL", redis_url),
        ("REDIS_PREFIX", redis_prefix),
    ]);
    Config::read(environment).expect("the configuration is complete")
}

pub async fn json_body(response: Response) -> Value {
    response.json().await.expect("the body is JSON")
}
