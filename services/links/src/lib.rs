//! A URL shortener.
//!
//! PostgreSQL owns the links. Redis caches what the redirect needs and carries a `clicks` stream
//! that tells others about each redirect; the service works, more slowly, without it.

mod cache;
mod clicks;
pub mod config;
mod domain;
mod error;
mod routes;
pub mod startup;
mod store;
