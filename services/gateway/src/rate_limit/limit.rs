use std::{num::NonZeroU32, str::FromStr};

/// A bucket of `burst` tokens that fills up at a steady rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimit {
    pub burst: NonZeroU32,
    pub tokens_per_second: f64,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a limit is a number of requests per s, m or h, such as `100/s`")]
pub struct InvalidRateLimit;

impl RateLimit {
    pub fn per_second(requests: NonZeroU32, burst: NonZeroU32) -> Self {
        Self {
            burst,
            tokens_per_second: requests.get().into(),
        }
    }
}

impl FromStr for RateLimit {
    type Err = InvalidRateLimit;

    /// Reads `<requests>/<s|m|h>`; all requests of a period may come at once.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (requests, period) = text.split_once('/').ok_or(InvalidRateLimit)?;
        let burst: NonZeroU32 = requests.parse().map_err(|_| InvalidRateLimit)?;
        let seconds = match period {
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return Err(InvalidRateLimit),
        };
        Ok(Self {
            burst,
            tokens_per_second: f64::from(burst.get()) / seconds,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidRateLimit, RateLimit};

    #[test]
    fn a_limit_is_read_as_requests_per_period() {
        let limit: RateLimit = "30/m".parse().unwrap();

        assert_eq!(limit.burst.get(), 30);
        assert!((limit.tokens_per_second - 0.5).abs() < f64::EPSILON);
    }

    #[test]
    fn a_limit_that_nobody_could_meet_or_read_is_rejected() {
        for text in ["0/s", "-1/s", "10", "10/d", "ten/s", ""] {
            assert_eq!(text.parse::<RateLimit>(), Err(InvalidRateLimit), "{text}");
        }
    }
}
