use std::fmt;

use uuid::Uuid;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const GENERATED_LENGTH: usize = 7;
const LONGEST: usize = 64;

/// Paths of this service, and of `/stats/{slug}` in the service that counts the clicks.
const RESERVED: [&str; 4] = ["health", "links", "ready", "top"];

/// The short name of a link: the path of its short URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug(String);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSlug {
    #[error("A slug has 1 to 64 characters.")]
    Length,
    #[error("A slug has only letters, digits, `-` and `_`.")]
    Character,
    #[error("The slug `{0}` is reserved.")]
    Reserved(String),
}

impl Slug {
    pub fn parse(text: String) -> Result<Self, InvalidSlug> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if text.is_empty() || text.len() > LONGEST {
            Err(InvalidSlug::Length)
        } else if !text.bytes().all(allowed) {
            Err(InvalidSlug::Character)
        } else if RESERVED.contains(&text.as_str()) {
            Err(InvalidSlug::Reserved(text))
        } else {
            Ok(Self(text))
        }
    }

    /// One of 62⁷ slugs, so rarely one that is taken.
    pub fn random() -> Self {
        let mut bits = Uuid::new_v4().as_u64_pair().1;
        let base = ALPHABET.len() as u64;
        let slug = (0..GENERATED_LENGTH)
            .map(|_| {
                let digit = usize::try_from(bits % base).expect("a digit is below 62");
                bits /= base;
                char::from(ALPHABET[digit])
            })
            .collect();
        Self(slug)
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

    fn parse(text: &str) -> Result<Slug, InvalidSlug> {
        Slug::parse(text.to_owned())
    }

    #[test]
    fn letters_digits_dashes_and_underscores_are_accepted() {
        assert_eq!(parse("Release_2-0").unwrap().as_str(), "Release_2-0");
    }

    #[test]
    fn a_slug_has_1_to_64_characters() {
        assert_eq!(parse(""), Err(InvalidSlug::Length));
        assert!(parse(&"a".repeat(64)).is_ok());
        assert_eq!(parse(&"a".repeat(65)), Err(InvalidSlug::Length));
    }

    #[test]
    fn what_would_need_escaping_in_a_url_is_rejected() {
        for text in ["a b", "a/b", "ä", "a?b", "..", "%41"] {
            assert_eq!(parse(text), Err(InvalidSlug::Character), "{text}");
        }
    }

    #[test]
    fn the_services_own_paths_are_reserved() {
        assert_eq!(parse("health"), Err(InvalidSlug::Reserved("health".into())));
    }

    #[test]
    fn random_slugs_are_valid_and_differ() {
        let (one, other) = (Slug::random(), Slug::random());

        assert_eq!(parse(one.as_str()).as_ref(), Ok(&one));
        assert_ne!(one, other);
    }
}
