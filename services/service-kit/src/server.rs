use std::{io, net::SocketAddr, time::Duration};

use anyhow::Context;
use axum::{Router, http::StatusCode, response::IntoResponse, serve::ListenerExt};
use listenfd::ListenFd;
use tokio::{net::TcpListener, sync::oneshot};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{Problem, config::Environment, health::Readiness, telemetry};

const DEFAULT_DRAIN_SECONDS: u64 = 20;

/// Where to listen, and how long a shutdown may take.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    host: String,
    port: u16,
    drain_timeout: Duration,
}

impl ServerConfig {
    /// Reads `HOST` (default `127.0.0.1`), `PORT` (0 picks a free one) and
    /// `SHUTDOWN_TIMEOUT_SECONDS` (default 20).
    pub fn read(env: &mut Environment) -> Option<Self> {
        let host = env.or_default("HOST", "127.0.0.1".to_owned());
        let port = env.required("PORT");
        let drain = env.or_default("SHUTDOWN_TIMEOUT_SECONDS", DEFAULT_DRAIN_SECONDS);
        Some(Self {
            host: host?,
            port: port?,
            drain_timeout: drain.map(Duration::from_secs)?,
        })
    }
}

/// A bound listener and the routes it serves.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    router: Router,
    drain_timeout: Duration,
}

impl Server {
    /// Binds the listener: the first socket of `LISTEN_FDS` if there is one, else `HOST:PORT`.
    ///
    /// A socket that was passed in stays open while a new version of the service starts, so that
    /// no connection is refused. To `router` are added request tracing and the health routes.
    pub async fn bind(
        config: &ServerConfig,
        router: Router,
        readiness: Readiness,
    ) -> anyhow::Result<Self> {
        let listener = match passed_listener().context("LISTEN_FDS holds no usable TCP socket")? {
            Some(listener) => listener,
            None => TcpListener::bind((config.host.as_str(), config.port))
                .await
                .with_context(|| format!("failed to bind {}:{}", config.host, config.port))?,
        };
        Ok(Self {
            listener,
            router: telemetry::trace_requests(answer_with_problems(router))
                .merge(readiness.routes()),
            drain_timeout: config.drain_timeout,
        })
    }

    /// The address that was really bound.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `shutdown` completes, then finishes the requests in flight.
    ///
    /// Requests that are still running after the drain timeout are cut off.
    pub async fn run_until<F>(self, shutdown: F) -> anyhow::Result<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        tracing::info!(address = %self.local_addr()?, "listening");

        let (shutdown_began, began) = oneshot::channel();
        let shutdown = async move {
            shutdown.await;
            tracing::info!("shutting down: finishing the requests in flight");
            let _ = shutdown_began.send(());
        };
        let listener = self.listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY could not be set");
            }
        });
        let service = self
            .router
            .into_make_service_with_connect_info::<SocketAddr>();
        let serve = axum::serve(listener, service).with_graceful_shutdown(shutdown);

        tokio::select! {
            result = async { serve.await } => result.context("failed to serve")?,
            () = passed(began, self.drain_timeout) => {
                tracing::warn!(after = ?self.drain_timeout, "requests still in flight were cut off");
            }
        }
        tracing::info!("stopped");
        Ok(())
    }
}

/// Makes problems of what no handler answers: unknown paths, other methods, panics.
fn answer_with_problems(router: Router) -> Router {
    router
        .fallback(async || Problem::not_found("There is nothing at this address."))
        .method_not_allowed_fallback(async || {
            let detail = "This address does not answer to this method.";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
        })
        .layer(CatchPanicLayer::custom(|_| {
            Problem::internal(anyhow::anyhow!("a handler panicked")).into_response()
        }))
}

fn passed_listener() -> io::Result<Option<TcpListener>> {
    let Some(listener) = ListenFd::from_env().take_tcp_listener(0)? else {
        return Ok(None);
    };
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener).map(Some)
}

/// Completes `timeout` after `began`, or never if that does not happen.
async fn passed(began: oneshot::Receiver<()>, timeout: Duration) {
    match began.await {
        Ok(()) => tokio::time::sleep(timeout).await,
        Err(_) => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, net::SocketAddr, time::Duration};

    use axum::{Router, http::Method, routing::get};
    use tokio::{sync::oneshot, task::JoinHandle};

    use super::{Server, ServerConfig};
    use crate::{config::Environment, health::Readiness};

    struct RunningServer {
        address: SocketAddr,
        stop: oneshot::Sender<()>,
        ended: JoinHandle<anyhow::Result<()>>,
    }

    async fn start(router: Router) -> RunningServer {
        let mut env = Environment::from_iter([("PORT", "0"), ("SHUTDOWN_TIMEOUT_SECONDS", "1")]);
        let config = ServerConfig::read(&mut env).unwrap();
        let server = Server::bind(&config, router, Readiness::new())
            .await
            .unwrap();
        let address = server.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async move { stopped.await.unwrap() };
        let ended = tokio::spawn(server.run_until(shutdown));
        RunningServer {
            address,
            stop,
            ended,
        }
    }

    #[tokio::test]
    async fn a_request_in_flight_is_finished_after_shutdown_began() {
        let (entered, mut inside) = tokio::sync::mpsc::channel(1);
        let slow = async move || {
            entered.send(()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(200)).await;
            "finished"
        };
        let server = start(Router::new().route("/slow", get(slow))).await;
        let url = format!("http://{}/slow", server.address);
        let request = tokio::spawn(reqwest::get(url));
        inside.recv().await.unwrap();

        server.stop.send(()).unwrap();

        let response = request.await.unwrap().unwrap();
        assert_eq!(response.text().await.unwrap(), "finished");
        server.ended.await.unwrap().unwrap();
        let refused = reqwest::get(format!("http://{}/slow", server.address)).await;
        assert!(refused.unwrap_err().is_connect());
    }

    #[tokio::test]
    async fn a_request_that_outlasts_the_drain_timeout_does_not_keep_the_server_alive() {
        let (entered, mut inside) = tokio::sync::mpsc::channel(1);
        let endless = async move || {
            entered.send(()).await.unwrap();
            pending::<()>().await;
        };
        let server = start(Router::new().route("/endless", get(endless))).await;
        let url = format!("http://{}/endless", server.address);
        let _request = tokio::spawn(reqwest::get(url));
        inside.recv().await.unwrap();

        server.stop.send(()).unwrap();

        let ended = tokio::time::timeout(Duration::from_secs(5), server.ended).await;
        ended.unwrap().unwrap().unwrap();
    }

    #[tokio::test]
    async fn what_no_handler_answers_is_a_problem() {
        let panics = async || -> () { panic!("for the test") };
        let server = start(Router::new().route("/panics", get(panics))).await;
        let client = reqwest::Client::new();

        for (method, path, status) in [
            (Method::GET, "/nowhere", 404),
            (Method::POST, "/panics", 405),
            (Method::GET, "/panics", 500),
        ] {
            let url = format!("http://{}{path}", server.address);
            let response = client.request(method, url).send().await.unwrap();

            assert_eq!(response.status(), status);
            let content_type = &response.headers()["content-type"];
            assert_eq!(content_type, "application/problem+json", "{status}");
        }
    }
}
