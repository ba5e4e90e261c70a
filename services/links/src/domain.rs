//! Values that cannot be wrong: whoever holds one need not check it again.

mod link;
mod slug;
mod target_url;

pub use link::Link;
pub use slug::{InvalidSlug, Slug};
pub use target_url::{InvalidUrl, TargetUrl};
