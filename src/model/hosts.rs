//! Addresses, and the hosts that may be linked. Knows neither who links nor whether anything answers there.

use std::collections::BTreeMap;

/// The allow list: hosts with the reason why each may be linked. An entry covers its subdomains.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hosts {
    entries: BTreeMap<String, String>,
}

impl Hosts {
    /// Adds a host.
    pub fn add(&mut self, host: impl Into<String>, why: impl Into<String>) {
        self.entries.insert(host.into(), why.into());
    }

    /// Whether the host or a domain that it belongs to is on the list.
    pub fn allows(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let mut rest = host.as_str();
        loop {
            if self.entries.contains_key(rest) {
                return true;
            }
            match rest.split_once('.') {
                Some((_, parent)) => rest = parent,
                None => return false,
            }
        }
    }

    /// All entries, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(host, why)| (host.as_str(), why.as_str()))
    }
}

/// Why an address cannot be linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressError {
    /// Neither `http://` nor `https://` stands in front.
    Scheme,
    /// A space, a control character, or one of `<>"` and backslash, at which Discord ends a link.
    Character(char),
    /// A user or password before the host, which makes one site look like another.
    User,
    /// No host, or something that is no name.
    Host,
}

/// The host of an address that may stand in a message.
pub fn host(url: &str) -> Result<&str, AddressError> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .ok_or(AddressError::Scheme)?;
    let breaks = |c: char| c.is_whitespace() || c.is_control() || "<>\"\\".contains(c);
    if let Some(c) = url.chars().find(|c| breaks(*c)) {
        return Err(AddressError::Character(c));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    if authority.contains('@') {
        return Err(AddressError::User);
    }
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    if is_host_name(host) { Ok(host) } else { Err(AddressError::Host) }
}

/// Whether the text is a host name of two labels or more, as DNS writes them.
pub fn is_host_name(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.contains('.') && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::{AddressError, Hosts, host};

    #[test]
    fn an_entry_covers_its_subdomains_and_nothing_else() {
        let mut hosts = Hosts::default();
        hosts.add("example.org", "for tests");
        for (name, allowed) in [
            ("example.org", true),
            ("EXAMPLE.org", true),
            ("archive.example.org", true),
            ("example.org.", true),
            ("badexample.org", false),
            ("example.org.evil.net", false),
            ("org", false),
            ("", false),
        ] {
            assert_eq!(hosts.allows(name), allowed, "{name}");
        }
    }

    #[test]
    fn hosts_of_addresses() {
        for (url, expected) in [
            ("https://example.org", Ok("example.org")),
            ("http://a.example.org:8080/x?y#z", Ok("a.example.org")),
            ("ftp://example.org", Err(AddressError::Scheme)),
            ("example.org/x", Err(AddressError::Scheme)),
            ("https://example.org/a b", Err(AddressError::Character(' '))),
            ("https://example.org/<x>", Err(AddressError::Character('<'))),
            ("https://example.org@evil.net/", Err(AddressError::User)),
            ("https://localhost/", Err(AddressError::Host)),
            ("https:///x", Err(AddressError::Host)),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }
}
