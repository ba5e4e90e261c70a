//! The public entrance to the `links` service.
//!
//! `/r/{slug}` is its redirect, `/api/links` its API. Each client has a bucket of tokens in
//! Redis, one of which each request takes; while Redis is down, every request passes.

pub mod config;
mod rate_limit;
mod routes;
pub mod startup;
mod upstream;
