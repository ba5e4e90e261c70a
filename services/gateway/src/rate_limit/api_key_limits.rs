use std::{collections::HashMap, str::FromStr};

use super::{RateLimit, limit::InvalidRateLimit};

/// The API keys that are known, each with a limit of its own.
///
/// Only known keys are told apart: if any key had its own bucket, a client could get around its
/// limit by inventing a new key for each request.
#[derive(Clone, Default, PartialEq)]
pub struct ApiKeyLimits(HashMap<String, RateLimit>);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidApiKeyLimits {
    #[error("limits of API keys are written `<key>=<limit>,<key>=<limit>`")]
    Syntax,
    #[error(transparent)]
    Limit(#[from] InvalidRateLimit),
}

impl ApiKeyLimits {
    pub fn get(&self, key: &str) -> Option<RateLimit> {
        self.0.get(key).copied()
    }
}

impl FromStr for ApiKeyLimits {
    type Err = InvalidApiKeyLimits;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let entry = |entry: &str| match entry.trim().split_once('=') {
            Some((key, limit)) if !key.is_empty() => Ok((key.to_owned(), limit.parse()?)),
            _ => Err(InvalidApiKeyLimits::Syntax),
        };
        text.split(',')
            .map(entry)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::{ApiKeyLimits, InvalidApiKeyLimits};

    fn parse(text: &str) -> Result<ApiKeyLimits, InvalidApiKeyLimits> {
        text.parse()
    }

    #[test]
    fn each_key_has_its_own_limit() {
        let Ok(limits) = parse("partner=100/s, demo=2/m") else {
            panic!("the limits are valid");
        };

        assert_eq!(limits.get("partner"), "100/s".parse().ok());
        assert_eq!(limits.get("demo"), "2/m".parse().ok());
        assert_eq!(limits.get("unknown"), None);
    }

    #[test]
    fn an_entry_without_key_or_limit_is_rejected() {
        for text in ["demo", "=2/m", "demo=", "demo=2/m,"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
