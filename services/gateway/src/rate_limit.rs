//! How often a client may ask.

mod api_key_limits;
mod enforce;
mod limit;
mod limiter;

pub use api_key_limits::ApiKeyLimits;
pub use enforce::enforce;
pub use limit::RateLimit;
pub use limiter::RateLimiter;
