//! Values that cannot be wrong: whoever holds one need not check it again.

mod click;
mod slug;

pub use click::Click;
pub use slug::{InvalidSlug, Slug};
