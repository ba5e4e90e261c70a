//! Typed configuration, read from environment variables.

mod environment;
mod secret;

pub use environment::{ConfigError, Environment};
pub use secret::Secret;
