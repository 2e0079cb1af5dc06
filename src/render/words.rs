//! The Fluent catalogues: every word people see, by key, in English and German.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context as _, anyhow};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use super::Files;
use crate::money;

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
            // Only what runs the other way is set apart, see `aside`.
            bundle.set_use_isolating(false);
            bundle.set_formatter(Some(match language {
                "de" => |value, _| counted(value, "de"),
                _ => |value, _| counted(value, "en"),
            }));
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
        let args: FluentArgs<'_> = args
            .iter()
            .map(|(name, value)| (name, aside(value)))
            .collect();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
        if let Some(error) = errors.first() {
            tracing::error!(key, %error, "a message was given the wrong arguments");
        }
        Some(text.into_owned())
    }
}

/// Whole numbers have the marks of their language.
fn counted(value: &FluentValue<'_>, language: &str) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.value.fract() == 0.0 => {
            Some(money::count(whole(number.value), language))
        }
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "counts are whole, and far from the end of what fits"
)]
fn whole(number: f64) -> i64 {
    number as i64
}

/// A name in letters that run from right to left takes the signs behind it along, a colon or a date. So it is set
/// apart from its sentence (FSI and PDI, Unicode Standard Annex 9), on pages and in mails alike; everything else
/// stays as it is, without signs that an old mail program might draw.
fn aside<'a>(value: &FluentValue<'a>) -> FluentValue<'a> {
    match value {
        FluentValue::String(text) if text.chars().any(runs_left) => {
            FluentValue::from(format!("\u{2068}{text}\u{2069}"))
        }
        other => other.clone(),
    }
}

/// The blocks in which letters run from right to left, those to come as well (DerivedBidiClass.txt).
fn runs_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_runs_the_other_way_is_set_apart_and_no_other_is() {
        let words = Words::load().expect("catalogues");
        let say = |name: &'static str| {
            let mut args = FluentArgs::new();
            args.set("name", name);
            words.say("en", "comments-in-reply-to", &args)
        };
        assert_eq!(say("Ann").as_deref(), Some("In reply to Ann"));
        assert_eq!(
            say("שרה").as_deref(),
            Some("In reply to \u{2068}שרה\u{2069}")
        );
        assert_eq!(
            say("Ann سارة").as_deref(),
            Some("In reply to \u{2068}Ann سارة\u{2069}")
        );
    }

    #[test]
    fn a_number_has_the_marks_of_its_language() {
        let words = Words::load().expect("catalogues");
        let mut args = FluentArgs::new();
        args.set("count", 10_012);
        let say = |language| words.say(language, "comments-count", &args);
        assert_eq!(say("en").as_deref(), Some("10,012 comments"));
        assert_eq!(say("de").as_deref(), Some("10.012 Kommentare"));
    }

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
