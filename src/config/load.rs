//! Loading and checking the configuration. Every fault is found and reported at once.

use std::{collections::BTreeMap, fmt, path::Path};

use super::{Config, check::check};

const DEFAULTS: &str = include_str!("../../config/default.toml");
const PREFIX: &str = "PLAUDIT__";

/// One thing wrong with the configuration, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(pub String);

/// Everything wrong with the configuration.
#[derive(Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Fault(fault)) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}configuration: {fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// Loads the defaults, then `file`, then the process's environment.
///
/// # Errors
/// With every fault found: unreadable file, unknown keys, wrong values.
pub fn load(file: Option<&Path>) -> Result<Config, Faults> {
    load_from(file, std::env::vars())
}

/// The same with an environment of the caller's choosing.
///
/// # Errors
/// As [`load`].
pub fn load_from(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, Faults> {
    let mut faults = Vec::new();
    let known = flatten(&parse(DEFAULTS, "default.toml").map_err(|fault| Faults(vec![fault]))?);
    let mut builder = ::config::Config::builder().add_source(::config::File::from_str(
        DEFAULTS,
        ::config::FileFormat::Toml,
    ));
    if let Some(path) = file {
        match std::fs::read_to_string(path) {
            Err(error) => faults.push(Fault(format!("{}: {error}", path.display()))),
            Ok(text) => match parse(&text, &path.display().to_string()) {
                Err(fault) => faults.push(fault),
                Ok(table) => {
                    for (key, value) in flatten(&table) {
                        match (known.get(&key), override_of(&value)) {
                            (None, _) => faults.push(unknown(&key, &known)),
                            (Some(_), Some(value)) => builder = set(builder, &key, value),
                            (Some(_), None) => {}
                        }
                    }
                }
            },
        }
    }
    for (name, text) in environment {
        let Some(key) = name.strip_prefix(PREFIX) else {
            continue;
        };
        let key = key.to_lowercase().replace("__", ".");
        match known.get(&key) {
            None => faults.push(unknown(&key, &known)),
            Some(default) => builder = set(builder, &key, from_environment(&text, default)),
        }
    }
    let config = builder
        .build()
        .and_then(::config::Config::try_deserialize::<Config>);
    match config {
        Ok(mut config) => {
            let url = config.server.public_url.trim_end_matches('/').to_owned();
            config.server.public_url = url;
            faults.extend(check(&config));
            if faults.is_empty() {
                Ok(config)
            } else {
                Err(Faults(faults))
            }
        }
        Err(error) => {
            faults.push(Fault(error.to_string()));
            Err(Faults(faults))
        }
    }
}

type Builder = ::config::ConfigBuilder<::config::builder::DefaultState>;

fn set(builder: Builder, key: &str, value: ::config::Value) -> Builder {
    match builder.clone().set_override(key, value) {
        Ok(builder) => builder,
        Err(_) => builder,
    }
}

fn parse(text: &str, name: &str) -> Result<toml::Table, Fault> {
    text.parse()
        .map_err(|error: toml::de::Error| Fault(format!("{name}: {}", error.message())))
}

/// Every leaf by its dotted key.
fn flatten(table: &toml::Table) -> BTreeMap<String, toml::Value> {
    let mut leaves = BTreeMap::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(inner) => {
                for (rest, leaf) in flatten(inner) {
                    leaves.insert(format!("{key}.{rest}"), leaf);
                }
            }
            leaf => {
                leaves.insert(key.clone(), leaf.clone());
            }
        }
    }
    leaves
}

fn override_of(value: &toml::Value) -> Option<::config::Value> {
    value.clone().try_into().ok()
}

/// The environment knows only text: the default's type says how to read it.
fn from_environment(text: &str, default: &toml::Value) -> ::config::Value {
    match default {
        toml::Value::Array(_) => text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
            .into(),
        _ => text.into(),
    }
}

fn unknown(key: &str, known: &BTreeMap<String, toml::Value>) -> Fault {
    let nearest = known
        .keys()
        .max_by(|a, b| strsim::jaro_winkler(key, a).total_cmp(&strsim::jaro_winkler(key, b)));
    match nearest {
        Some(nearest) => Fault(format!(
            "unknown key “{key}”; the nearest known one is “{nearest}”"
        )),
        None => Fault(format!("unknown key “{key}”")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn the_defaults_stand_on_their_own() {
        let config = load_from(None, []).expect("defaults");
        assert_eq!(config.membership.grace_days, 14);
        assert!(!config.stripe.livemode());
    }

    #[test]
    fn the_environment_overrides_and_lists_are_comma_separated() {
        let config = load_from(
            None,
            environment(&[
                ("PLAUDIT__STRIPE__WEBHOOK_SECRETS", "whsec_a, whsec_b"),
                ("PLAUDIT__MEMBERSHIP__GRACE_DAYS", "3"),
                ("PLAUDIT__STRIPE__SECRET_KEY", "sk_live_x"),
                ("PLAUDIT__SERVER__PUBLIC_URL", "https://example.org/"),
            ]),
        )
        .expect("valid");
        assert_eq!(config.stripe.webhook_secrets, ["whsec_a", "whsec_b"]);
        assert_eq!(config.membership.grace_days, 3);
        assert!(config.stripe.livemode());
        assert_eq!(config.server.public_url, "https://example.org");
    }

    #[test]
    fn every_fault_is_reported_at_once() {
        let faults = load_from(
            None,
            environment(&[
                ("PLAUDIT__MAIL__TRANSPRT", "file"),
                ("PLAUDIT__DATABASE__URL", "mysql://x"),
                ("PLAUDIT__SERVER__PUBLIC_URL", "http://example.org"),
            ]),
        )
        .expect_err("three faults");
        let text = faults.to_string();
        assert_eq!(faults.0.len(), 3, "{text}");
        assert!(
            text.contains("“mail.transprt”; the nearest known one is “mail.transport”"),
            "{text}"
        );
    }
}
