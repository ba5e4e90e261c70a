use gateway::{config::Config, startup::Application};
use reqwest::{Client, RequestBuilder, Response, redirect::Policy};
use serde_json::Value;
use service_kit::testing::TestRedis;

use crate::upstream_stub;

/// Nothing listens on port 1.
const NOBODY: &str = "127.0.0.1:1";

/// The gateway on a free port, with a stub behind it and a part of Redis of its own.
pub struct TestApp {
    address: String,
    client: Client,
    _redis: TestRedis,
}

impl TestApp {
    pub async fn spawn() -> Self {
        Self::spawn_with(&[]).await
    }

    pub async fn spawn_while_redis_is_down() -> Self {
        Self::spawn_with(&[("REDIS_URL", &format!("redis://{NOBODY}"))]).await
    }

    pub async fn spawn_while_links_is_down() -> Self {
        Self::spawn_with(&[("LINKS_URL", &format!("http://{NOBODY}"))]).await
    }

    /// Starts with the usual environment, in which `changes` come last.
    pub async fn spawn_with(changes: &[(&str, &str)]) -> Self {
        let redis = TestRedis::create();
        let links_url = format!("http://{}", upstream_stub::spawn().await);
        let usual = [
            ("PORT", "0"),
            ("LINKS_URL", &links_url),
            ("REDIS_URL", redis.url()),
            ("REDIS_PREFIX", redis.prefix()),
            ("UPSTREAM_TIMEOUT_SECONDS", "1"),
        ];
        let environment = usual.iter().chain(changes).copied();
        let config = Config::read(environment.collect()).expect("the configuration is complete");
        let application = Application::build(&config).await.expect("gateway starts");
        let address = application.local_addr().expect("gateway listens");
        tokio::spawn(application.run_until(std::future::pending()));
        Self {
            address: format!("http://{address}"),
            client: Client::builder()
                .redirect(Policy::none())
                .build()
                .expect("a client without TLS needs nothing"),
            _redis: redis,
        }
    }

    pub async fn get(&self, path: &str) -> Response {
        self.send(self.client.get(self.url(path))).await
    }

    pub async fn get_with_key(&self, path: &str, api_key: &str) -> Response {
        self.send(self.client.get(self.url(path)).header("x-api-key", api_key))
            .await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Response {
        self.send(self.client.post(self.url(path)).json(body)).await
    }

    async fn send(&self, request: RequestBuilder) -> Response {
        request.send().await.expect("gateway answers")
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

pub async fn json_body(response: Response) -> Value {
    response.json().await.expect("the body is JSON")
}
