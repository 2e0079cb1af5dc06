//! How things are said and shown: templates, the words in each language, the files pages link to.

pub mod assets;
pub mod brand;
mod filters;
mod gzip;
pub mod marked;
mod pictures;
mod tables;
mod words;

use rust_embed::Embed;
use serde::Serialize;
use tera::{Context, Tera};

pub use filters::{day, moment};
pub use gzip::{gzipped, takes_gzip};
pub use tables::length_of_tag;
pub use words::{LANGUAGES, Words};

#[derive(Embed)]
#[folder = "templates/"]
struct Files;

/// Every template, parsed once at start.
pub struct Templates {
    tera: Tera,
    words: Words,
}

impl Templates {
    /// Parses all templates and catalogues that were compiled in.
    ///
    /// # Errors
    /// If one does not parse; a test renders them all, so this is never seen in service.
    pub fn load() -> anyhow::Result<Self> {
        let words = Words::load()?;
        let mut tera = Tera::default();
        filters::register(&mut tera, &words);
        let files: Vec<(String, String)> = Files::iter()
            .filter(|name| !name.ends_with(".ftl") && !name.ends_with(".json"))
            .filter_map(|name| {
                let file = Files::get(&name)?;
                let text = String::from_utf8(file.data.into_owned()).ok()?;
                Some((name.into_owned(), text))
            })
            .collect();
        tera.add_raw_templates(files)?;
        Ok(Self { tera, words })
    }

    /// Renders `name` with a struct or map of values. `lang` (`en`, `de`) decides on the words.
    ///
    /// # Errors
    /// If a value the template needs is missing.
    pub fn render(
        &self,
        name: &str,
        lang: &str,
        values: &impl Serialize,
    ) -> Result<String, tera::Error> {
        let mut context = Context::from_serialize(values)?;
        context.insert("lang", lang);
        self.tera.render(name, &context)
    }

    /// The words alone, for what is no template: subjects, feeds, titles.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// The names of all templates, for the test that renders each.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tera.get_template_names()
    }

    /// A file beside the templates that is none, such as the sample values of a mail.
    pub fn file(&self, name: &str) -> Option<String> {
        let file = Files::get(name)?;
        String::from_utf8(file.data.into_owned()).ok()
    }

    /// Whether there is a template of this name.
    pub fn has(&self, name: &str) -> bool {
        self.tera.contains_template(name)
    }
}
