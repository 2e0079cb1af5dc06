//! The editor's form: as typed, and what it says.

use sea_orm::ActiveEnum as _;
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::{
    app::App,
    articles::{
        Draft, Opening, Text, TimeFlaw, ahead, as_typed, authors_known, co_authors_named,
        tag_names, time_typed,
    },
    entities::{Audience, Gate, article, tier},
    web,
};

/// The editor's form, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub slug: String,
    #[serde(default, deserialize_with = "lines")]
    pub standfirst: String,
    #[serde(default, deserialize_with = "lines")]
    pub body: String,
    /// `public`, `readers` or `patrons`.
    #[serde(default)]
    pub audience: String,
    /// `readers`, `patrons`, `tiers` or `closed`.
    #[serde(default)]
    pub comments: String,
    /// Those that may comment, where it is by tier.
    #[serde(default)]
    pub tiers: Vec<Uuid>,
    /// For how many days; empty: for ever.
    #[serde(default)]
    pub days: String,
    /// Topics, with commas between.
    #[serde(default)]
    pub tags: String,
    /// Who writes it too, by name or slug, with commas between.
    #[serde(default)]
    pub co_authors: String,
    /// To whom it opens later: `public`, `readers`, or nobody.
    #[serde(default)]
    pub opens_to: String,
    /// When, as the clock of the publication's place shows it.
    #[serde(default)]
    pub opens_at: String,
    /// The article's version when the form was drawn.
    #[serde(default)]
    pub version: i32,
    /// `preview`, or nothing to save.
    #[serde(default, rename = "do", skip_serializing)]
    pub wanted: String,
}

impl Typed {
    /// An empty form.
    pub fn new(app: &App) -> Self {
        Self {
            audience: Audience::Public.to_value(),
            comments: app.config.comments.default_gate().to_value(),
            ..Self::default()
        }
    }

    /// The form as an article fills it.
    pub async fn of(app: &App, row: &article::Model) -> web::Result<Self> {
        let known = authors_known(&app.db).await?;
        let co_authors = co_authors_named(&app.db, row.id, &known).await?;
        let zone = app.config.publication.zone();
        Ok(Self {
            title: row.title.clone(),
            slug: row.slug.clone(),
            standfirst: row.standfirst.clone(),
            body: row.body_markdown.clone(),
            audience: row.audience.to_value(),
            comments: row.gate.to_value(),
            tiers: row.tiers().collect(),
            days: row
                .gate_days
                .map(|days| days.to_string())
                .unwrap_or_default(),
            tags: tag_names(&app.db, row.id).await?.join(", "),
            co_authors: co_authors.join(", "),
            opens_to: row.opens_to.map(|to| to.to_value()).unwrap_or_default(),
            opens_at: as_typed(row.opens_at, zone),
            version: row.version,
            wanted: String::new(),
        })
    }

    /// The same with another text in it.
    pub fn with(mut self, text: Text) -> Self {
        (self.title, self.standfirst, self.body) = (text.title, text.standfirst, text.body);
        self
    }

    /// What it says of `row`, or of a new article: the time by the clock of the publication's place, and ahead unless
    /// it is as it was, and for somebody; the tiers among the author's `tiers`.
    pub fn draft(
        &self,
        app: &App,
        row: Option<&article::Model>,
        tiers: &[tier::Model],
    ) -> Result<Draft, TimeFlaw> {
        let chosen = tiers.iter().filter(|tier| self.tiers.contains(&tier.id));
        let chosen: Vec<String> = chosen.map(|tier| tier.id.to_string()).collect();
        let zone = app.config.publication.zone();
        let to = match self.opens_to.as_str() {
            "public" => Some(Audience::Public),
            "readers" => Some(Audience::Readers),
            _ => None,
        };
        let opening = match to {
            Some(to) => {
                let at = time_typed(&self.opens_at, zone)?;
                let at = at.ok_or(TimeFlaw::Unreadable)?;
                let at = ahead(at, row.and_then(|row| row.opens_at), app.clock.now())?;
                Some(Opening { at, to })
            }
            // Whoever takes an opening away leaves its time as it stood.
            None => match self.opens_at.trim() {
                "" => None,
                kept if kept == as_typed(row.and_then(|row| row.opens_at), zone) => None,
                _ => return Err(TimeFlaw::Idle),
            },
        };
        Ok(Draft {
            title: self.title.clone(),
            slug: self.slug.clone(),
            standfirst: self.standfirst.clone(),
            body_markdown: self.body.clone(),
            audience: Audience::try_from_value(&self.audience).unwrap_or(Audience::Patrons),
            gate_tiers: Some(chosen.join(" ")),
            gate_days: match self.days.trim() {
                "" => None,
                days => Some(days.parse().unwrap_or(0)),
            },
            gate: Gate::try_from_value(&self.comments).unwrap_or(Gate::Patrons),
            opening,
            tags: each(&self.tags),
            co_authors: Some(each(&self.co_authors)),
        })
    }

    /// What a co-author's form says: the text and its topics. All else stays as the lead author has it.
    pub fn text_alone(&self, row: &article::Model) -> Draft {
        let text = Text {
            title: self.title.clone(),
            standfirst: self.standfirst.clone(),
            body: self.body.clone(),
        };
        Draft::of_text(row, text, each(&self.tags))
    }
}

/// Browsers send line ends as CR and LF, whatever they were.
fn lines<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let typed = String::deserialize(deserializer)?;
    Ok(typed.replace("\r\n", "\n"))
}

/// What stands between commas.
fn each(typed: &str) -> Vec<String> {
    let words = typed.split(',').map(str::trim);
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}
