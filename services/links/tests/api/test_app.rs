use links::{config::Config, startup::Application};
use reqwest::{Client, Response, redirect::Policy};
use serde_json::{Value, json};
use service_kit::{
    config::Environment,
    testing::{TestDatabase, TestRedis},
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
        let config = Config::read(Environment::from_iter([
            ("PORT", "0"),
            ("DATABASE_URL", &database.url()),
            ("REDIS_URL", redis_url),
            ("REDIS_PREFIX", redis.prefix()),
        ]))
        .expect("the configuration is complete");
        let application = Application::build(&config).await.expect("links starts");
        let address = application.local_addr().expect("links listens");
        let (stop, stopped) = oneshot::channel();
        let shutdown = async { stopped.await.unwrap_or_default() };
        Self {
            database,
            redis,
            address: format!("http://{address}"),
            client: Client::builder()
                .redirect(Policy::none())
                .build()
                .expect("a client without TLS needs nothing"),
            stop,
            ended: tokio::spawn(application.run_until(shutdown)),
        }
    }

    pub async fn get(&self, path: &str) -> Response {
        let request = self.client.get(format!("{}{path}", self.address));
        request.send().await.expect("links answers")
    }

    pub async fn create(&self, body: &Value) -> Response {
        let request = self.client.post(format!("{}/links", self.address));
        request.json(body).send().await.expect("links answers")
    }

    /// Creates a link that a test needs but is not about.
    pub async fn given_link(&self, slug: &str, url: &str) {
        let response = self.create(&json!({ "slug": slug, "url": url })).await;
        assert_eq!(response.status(), 201);
    }

    /// Stops the service as SIGTERM would. The database and Redis stay for the returned values.
    pub async fn stop(self) -> (TestDatabase, TestRedis) {
        self.stop.send(()).expect("links still runs");
        let result = self.ended.await.expect("links does not panic");
        result.expect("links stops without an error");
        (self.database, self.redis)
    }
}

pub async fn json_body(response: Response) -> Value {
    response.json().await.expect("the body is JSON")
}
