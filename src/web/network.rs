//! Where a request comes from, as far as limits count: an IPv4 address or an IPv6 /64.

use std::{convert::Infallible, net::IpAddr};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use ipnet::IpNet;

/// The network of a request; put on it by a layer of the router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network(pub String);

impl Network {
    /// The network behind `peer`. The last forwarded address that is no trusted proxy counts, and
    /// only if the peer itself is one.
    pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
        let mut source = peer.to_canonical();
        if is_trusted(&source) {
            let forwarded: Vec<IpAddr> = headers
                .get_all("x-forwarded-for")
                .iter()
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .filter_map(|part| part.trim().parse().ok())
                .collect();
            if let Some(address) = forwarded.into_iter().rev().find(|one| !is_trusted(one)) {
                source = address.to_canonical();
            }
        }
        Self(match source {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Network {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let known = parts.extensions.get::<Self>().cloned();
        Ok(known.unwrap_or_else(|| Self("unknown".to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarded_addresses_count_only_from_trusted_proxies() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            "203.0.113.9, 198.51.100.7, 10.0.0.2"
                .parse()
                .expect("value"),
        );
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().expect("net")];
        for (peer, expected) in [
            ("10.0.0.1", "198.51.100.7"),
            ("192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ] {
            let peer = peer.parse().expect("address");
            assert_eq!(Network::of(peer, &headers, &trusted).0, expected);
        }
    }
}
