//! When to stop.

use tokio::signal::unix::{SignalKind, signal as listen};

/// Completes when this process is asked to stop: SIGTERM (`kill`, Kubernetes) or SIGINT (Ctrl-C).
///
/// # Panics
///
/// When the operating system refuses to install a signal handler.
pub async fn signal() {
    let mut terminate = listen(SignalKind::terminate()).expect("SIGTERM can be listened to");
    let mut interrupt = listen(SignalKind::interrupt()).expect("SIGINT can be listened to");

    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
