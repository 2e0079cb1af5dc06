//! Our few cookies: `__Host-` and Secure on https, HttpOnly and SameSite=Lax always.

use axum::http::{HeaderMap, HeaderValue, header};

/// Makes and reads cookies for one configuration.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    /// Whether readers come over https; plain http is for loopback only.
    pub secure: bool,
}

impl Cookies {
    /// The cookie's name on the wire.
    pub fn name(self, name: &str) -> String {
        if self.secure {
            format!("__Host-{name}")
        } else {
            name.to_owned()
        }
    }

    /// A `Set-Cookie` value. Our values are hex and catalogue keys, so nothing needs escaping.
    /// `max_age` in seconds, `None` until the browser closes.
    pub fn set(self, name: &str, value: &str, max_age: Option<i64>) -> HeaderValue {
        let name = self.name(name);
        let age = max_age.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        let secure = if self.secure { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// A `Set-Cookie` value that removes the cookie.
    pub fn clear(self, name: &str) -> HeaderValue {
        self.set(name, "", Some(0))
    }

    /// The value a request carries under this name.
    pub fn get(self, headers: &HeaderMap, name: &str) -> Option<String> {
        let name = self.name(name);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    }
}

/// `path` if it is a path of this site, else `/`: redirects go nowhere else.
pub fn own_path(path: &str) -> &str {
    let inside = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control);
    if inside { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_on_this_site() {
        for (given, expected) in [
            ("/articles/x?y=1#z", "/articles/x?y=1#z"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/a\nb", "/"),
            ("", "/"),
        ] {
            assert_eq!(own_path(given), expected);
        }
    }

    #[test]
    fn cookies_are_bound_to_the_host_on_https() {
        let set = Cookies { secure: true }.set("session", "abc", Some(60));
        assert_eq!(
            set.to_str().expect("ascii"),
            "__Host-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60"
        );
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; session=x"));
        let cookies = Cookies { secure: false };
        assert_eq!(cookies.get(&headers, "session").as_deref(), Some("x"));
    }
}
