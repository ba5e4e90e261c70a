use std::fmt;

const LONGEST: usize = 64;

/// The short name of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug(String);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("A slug has 1 to 64 letters, digits, `-` and `_`.")]
pub struct InvalidSlug;

impl Slug {
    pub fn parse(text: String) -> Result<Self, InvalidSlug> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let valid = (1..=LONGEST).contains(&text.len()) && text.bytes().all(allowed);
        valid.then_some(Self(text)).ok_or(InvalidSlug)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidSlug, Slug};

    #[test]
    fn a_slug_has_1_to_64_letters_digits_dashes_and_underscores() {
        assert!(Slug::parse("Release_2-0".to_owned()).is_ok());
        assert!(Slug::parse("a".repeat(64)).is_ok());
        for text in ["", "a b", "ä", &"a".repeat(65)] {
            assert_eq!(Slug::parse(text.to_owned()), Err(InvalidSlug), "{text}");
        }
    }
}
