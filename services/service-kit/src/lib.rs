//! What every service of this workspace shares.
//!
//! A service reads its [`config`], builds a router, adds [`health`] and hands both to a
//! [`Server`], which runs until [`shutdown::signal`] fires. Handlers answer failures with a
//! [`Problem`].
//!
//! The features `postgres` and `redis` add the connection to that server; `testing` adds what
//! black-box tests need to run side by side on the same servers.

#![warn(missing_docs)]

pub mod config;
pub mod extract;
pub mod health;
#[cfg(feature = "postgres")]
pub mod postgres;
mod problem;
#[cfg(feature = "redis")]
pub mod redis;
mod server;
pub mod shutdown;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;

pub use problem::Problem;
pub use server::{Server, ServerConfig};
