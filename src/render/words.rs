//! The Fluent catalogues: every word people see, by key, in English and German.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context as _, anyhow};
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use super::Files;

/// The languages there are catalogues for; the first is the fallback.
pub const LANGUAGES: [&str; 2] = ["en", "de"];

/// All catalogues. Cloning is cheap.
#[derive(Clone)]
pub struct Words {
    bundles: Arc<BTreeMap<&'static str, FluentBundle<FluentResource>>>,
}

impl Words {
    /// Parses the catalogues that were compiled in.
    ///
    /// # Errors
    /// If one does not parse or defines a key twice.
    pub fn load() -> anyhow::Result<Self> {
        let mut bundles = BTreeMap::new();
        for language in LANGUAGES {
            let id: LanguageIdentifier = language.parse().context("language")?;
            let mut bundle = FluentBundle::new_concurrent(vec![id]);
            bundle.set_use_isolating(false);
            for name in Files::iter().filter(|name| name.starts_with(&format!("lang/{language}/")))
            {
                let file = Files::get(&name).with_context(|| name.to_string())?;
                let text = String::from_utf8(file.data.into_owned())?;
                let resource = FluentResource::try_new(text)
                    .map_err(|(_, errors)| anyhow!("{name}: {errors:?}"))?;
                bundle
                    .add_resource(resource)
                    .map_err(|errors| anyhow!("{name}: {errors:?}"))?;
            }
            bundles.insert(language, bundle);
        }
        Ok(Self {
            bundles: Arc::new(bundles),
        })
    }

    /// What `key` says in `language`, English where that language has no such key.
    pub fn say(&self, language: &str, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        [language, LANGUAGES[0]]
            .iter()
            .find_map(|language| self.lookup(language, key, args))
    }

    /// The same without arguments; the key itself if nobody knows it.
    pub fn plain(&self, language: &str, key: &str) -> String {
        self.say(language, key, &FluentArgs::new())
            .unwrap_or_else(|| key.to_owned())
    }

    /// Whether `language` itself knows `key`.
    pub fn knows(&self, language: &str, key: &str) -> bool {
        self.bundles
            .get(language)
            .is_some_and(|bundle| bundle.has_message(key))
    }

    fn lookup(&self, language: &str, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let bundle = self.bundles.get(language)?;
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors);
        if let Some(error) = errors.first() {
            tracing::error!(key, %error, "a message was given the wrong arguments");
        }
        Some(text.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things() {
        let keys = |language: &str| -> Vec<String> {
            let mut keys: Vec<String> = Files::iter()
                .filter(|name| name.starts_with(&format!("lang/{language}/")))
                .flat_map(|name| {
                    let file = Files::get(&name).expect("listed").data.into_owned();
                    let text = String::from_utf8(file).expect("UTF-8");
                    text.lines()
                        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
                        .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
                        .collect::<Vec<_>>()
                })
                .collect();
            keys.sort();
            keys
        };
        assert_eq!(keys("en"), keys("de"));
    }

    #[test]
    fn a_message_takes_arguments() {
        let words = Words::load().expect("catalogues");
        let mut args = FluentArgs::new();
        args.set("minutes", 4);
        assert_eq!(
            words.say("en", "articles-minutes", &args).as_deref(),
            Some("4 min")
        );
        assert_eq!(words.plain("de", "no-such-key"), "no-such-key");
    }
}
