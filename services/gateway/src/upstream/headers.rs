use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Headers about one connection, which say nothing about the next (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

pub fn remove_hop_by_hop(headers: &mut HeaderMap) {
    for name in named_by_connection(headers).into_iter().chain(HOP_BY_HOP) {
        headers.remove(name);
    }
    // The client library writes the one that fits the upstream.
    headers.remove(header::HOST);
}

/// Says whom a request came from. What the client itself claims is replaced.
pub fn add_forwarded_for(headers: &mut HeaderMap, client: IpAddr) {
    let client = HeaderValue::try_from(client.to_string()).expect("an address is plain ASCII");
    headers.insert(X_FORWARDED_FOR, client);
}

fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|names| names.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{add_forwarded_for, remove_hop_by_hop};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let parse = |(name, value): &(&'static str, &'static str)| {
            (name.parse().unwrap(), value.parse().unwrap())
        };
        pairs.iter().map(parse).collect()
    }

    #[test]
    fn headers_about_the_connection_are_removed() {
        let mut actual = headers(&[
            ("connection", "close, X-Private"),
            ("x-private", "1"),
            ("transfer-encoding", "chunked"),
            ("host", "gateway"),
            ("accept", "*/*"),
        ]);

        remove_hop_by_hop(&mut actual);

        assert_eq!(actual, headers(&[("accept", "*/*")]));
    }

    #[test]
    fn a_client_cannot_claim_to_be_another() {
        let mut actual = headers(&[("x-forwarded-for", "10.0.0.1")]);

        add_forwarded_for(&mut actual, "192.0.2.7".parse().unwrap());

        assert_eq!(actual["x-forwarded-for"], "192.0.2.7");
    }
}
