//! Counts the clicks on links.
//!
//! A worker moves events from a Redis stream to PostgreSQL, each at least once delivered and
//! exactly once counted. The HTTP side answers with statistics and puts events on the stream.

pub mod config;
mod domain;
mod error;
mod routes;
pub mod startup;
mod store;
mod stream;
pub mod worker;

pub use store::ClickStore;
pub use stream::ClickStream;
