use url::Url;

const LONGEST: usize = 2048;

/// Where a link leads: an absolute `http` or `https` URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetUrl(Url);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    #[error("A URL has at most 2048 characters.")]
    TooLong,
    #[error("This is not an absolute URL: {0}.")]
    Syntax(#[from] url::ParseError),
    #[error("A link leads to an http or https URL, not to `{0}:`.")]
    Scheme(String),
}

impl TargetUrl {
    pub fn parse(text: &str) -> Result<Self, InvalidUrl> {
        if text.len() > LONGEST {
            return Err(InvalidUrl::TooLong);
        }
        let url = Url::parse(text)?;
        match url.scheme() {
            "http" | "https" => Ok(Self(url)),
            other => Err(InvalidUrl::Scheme(other.to_owned())),
        }
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidUrl, TargetUrl};

    #[test]
    fn an_http_url_is_kept_in_its_normal_form() {
        let url = TargetUrl::parse("HTTPS://Example.com/a b").unwrap();

        assert_eq!(url.as_str(), "https://example.com/a%20b");
    }

    #[test]
    fn a_relative_url_is_rejected() {
        assert!(matches!(
            TargetUrl::parse("/docs"),
            Err(InvalidUrl::Syntax(_))
        ));
    }

    #[test]
    fn a_url_that_a_browser_would_run_is_rejected() {
        let error = TargetUrl::parse("javascript:alert(1)").unwrap_err();

        assert_eq!(error, InvalidUrl::Scheme("javascript".to_owned()));
    }

    #[test]
    fn a_very_long_url_is_rejected() {
        let url = format!("https://example.com/{}", "a".repeat(2048));

        assert_eq!(TargetUrl::parse(&url), Err(InvalidUrl::TooLong));
    }
}
