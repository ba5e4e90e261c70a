use std::str::FromStr;

use axum::http::{
    Uri,
    uri::{Authority, PathAndQuery, Scheme},
};

/// Where a service behind the gateway listens: `http://<host>:<port>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamUrl(Authority);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an upstream is written `http://<host>:<port>`, without a path")]
pub struct InvalidUpstreamUrl;

impl UpstreamUrl {
    pub fn join(&self, path: Option<&PathAndQuery>) -> Uri {
        let path = path.cloned().unwrap_or(PathAndQuery::from_static("/"));
        let mut parts = axum::http::uri::Parts::default();
        parts.scheme = Some(Scheme::HTTP);
        parts.authority = Some(self.0.clone());
        parts.path_and_query = Some(path);
        Uri::from_parts(parts).expect("scheme, authority and path make a URL")
    }
}

impl FromStr for UpstreamUrl {
    type Err = InvalidUpstreamUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: Uri = text.parse().map_err(|_| InvalidUpstreamUrl)?;
        let root = url.path() == "/" && url.query().is_none();
        if root && url.scheme() == Some(&Scheme::HTTP) {
            url.into_parts()
                .authority
                .map(Self)
                .ok_or(InvalidUpstreamUrl)
        } else {
            Err(InvalidUpstreamUrl)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidUpstreamUrl, UpstreamUrl};

    #[test]
    fn a_path_is_joined_to_an_upstream() {
        let upstream: UpstreamUrl = "http://127.0.0.1:8081/".parse().unwrap();

        let joined = upstream.join(Some(&"/links?page=2".parse().unwrap()));

        assert_eq!(joined, "http://127.0.0.1:8081/links?page=2");
    }

    #[test]
    fn what_cannot_be_forwarded_to_is_rejected() {
        for text in [
            "",
            "127.0.0.1:8081",
            "https://links",
            "http://links/v1",
            "/links",
        ] {
            assert_eq!(
                text.parse::<UpstreamUrl>(),
                Err(InvalidUpstreamUrl),
                "{text}"
            );
        }
    }
}
