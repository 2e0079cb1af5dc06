//! What is held until somebody has looked it over, and what is not taken at all.

use std::cell::LazyCell;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QuerySelect as _,
};
use uuid::Uuid;

use super::{
    bare_links::names_a_place,
    body::{Body, has_link},
    wording::{folded, readings, says},
};
use crate::{
    entities::{
        account, article, comment,
        house_rules::{self, Mode},
    },
    render::marked,
};

/// What becomes of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Shown,
    /// Held, and why: a word of the catalogues.
    Held(&'static str),
    /// For what it says.
    Refused,
    /// For who writes: the address is not wanted, whatever it says.
    Unwanted,
}

/// What is known of a comment and its writer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'a> {
    /// As typed: addresses of links are seen here alone.
    pub source: &'a str,
    /// As it is read.
    pub seen: &'a str,
    pub has_link: bool,
    /// The address the writer has proven.
    pub email: Option<&'a str>,
    /// Whether none of hers was shown before under this author's articles.
    pub is_first: bool,
}

/// The author's rules and the publication's own; the stricter counts.
pub(super) async fn rules(
    db: &impl ConnectionTrait,
    author: Uuid,
) -> Result<Vec<house_rules::Model>, DbErr> {
    house_rules::Entity::find()
        .filter(house_rules::Column::AuthorId.is_in([author, Uuid::nil()]))
        .all(db)
        .await
}

/// Judges a comment of `writer` under an article of `author`. Who edits is no newcomer.
pub(super) async fn judge(
    tx: &DatabaseTransaction,
    author: Uuid,
    writer: &account::Model,
    body: &Body,
    is_new: bool,
) -> Result<Verdict, DbErr> {
    let rules = rules(tx, author).await?;
    let asks_first = is_new && rules.iter().any(|rules| rules.mode == Mode::First);
    let seen = marked::plain(&body.html);
    let case = Case {
        source: &body.markdown,
        seen: &seen,
        has_link: has_link(&body.html) || names_a_place(&seen),
        email: writer.email.as_deref(),
        is_first: asks_first && !has_been_shown(tx, author, writer.id).await?,
    };
    Ok(verdict(&rules, case))
}

async fn has_been_shown(
    tx: &DatabaseTransaction,
    author: Uuid,
    writer: Uuid,
) -> Result<bool, DbErr> {
    let shown = comment::Entity::public()
        .inner_join(article::Entity)
        .filter(comment::Column::AccountId.eq(writer))
        .filter(article::Column::AuthorId.eq(author))
        .limit(1)
        .one(tx)
        .await?;
    Ok(shown.is_some())
}

/// The verdict by all of these rules together.
pub(super) fn verdict(rules: &[house_rules::Model], case: Case<'_>) -> Verdict {
    let texts = LazyCell::new(|| [readings(case.source), readings(case.seen)]);
    let email = folded(case.email.unwrap_or_default());
    let any = |list: fn(&house_rules::Model) -> &str, fits: &dyn Fn(&str) -> bool| {
        let mut lines = rules.iter().flat_map(|rules| list(rules).lines());
        lines.any(|line| fits(&folded(line)))
    };
    let is_hers = |wanted: &str| is_address(wanted, &email);
    let is_said = |wanted: &str| {
        let wanted = readings(wanted);
        let mut both = texts.iter().flat_map(|text| text.iter().zip(&wanted));
        both.any(|(text, wanted)| says(text, wanted))
    };
    // Other words would not help who is not wanted.
    if any(|rules| &rules.refuse, &is_hers) {
        return Verdict::Unwanted;
    }
    if any(|rules| &rules.refuse, &is_said) {
        return Verdict::Refused;
    }
    if any(|rules| &rules.hold, &|wanted| {
        is_hers(wanted) || is_said(wanted)
    }) {
        return Verdict::Held("words");
    }
    let has = |mode| rules.iter().any(|rules| rules.mode == mode);
    match () {
        () if has(Mode::All) => Verdict::Held("all"),
        () if has(Mode::Links) && case.has_link => Verdict::Held("links"),
        () if has(Mode::First) && case.is_first => Verdict::Held("first"),
        () => Verdict::Shown,
    }
}

/// Whether a line of a list, `name@host` or `@host`, means the writer's address.
fn is_address(wanted: &str, email: &str) -> bool {
    match wanted.starts_with('@') {
        true => email.ends_with(wanted),
        false => wanted.contains('@') && email == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(mode: Mode, hold: &str, refuse: &str) -> house_rules::Model {
        house_rules::Model {
            author_id: Uuid::nil(),
            mode,
            hold: hold.to_owned(),
            refuse: refuse.to_owned(),
            updated_at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    const CASE: Case<'_> = Case {
        source: "A plain word",
        seen: "A plain word",
        has_link: false,
        email: Some("ann@spam.example"),
        is_first: false,
    };

    #[test]
    fn each_mode_holds_its_own() {
        use Verdict::{Held, Shown};
        for (mode, has_link, is_first, expected) in [
            (Mode::Off, true, true, Shown),
            (Mode::First, true, false, Shown),
            (Mode::First, false, true, Held("first")),
            (Mode::Links, false, true, Shown),
            (Mode::Links, true, false, Held("links")),
            (Mode::All, false, false, Held("all")),
        ] {
            let case = Case {
                has_link,
                is_first,
                ..CASE
            };
            assert_eq!(verdict(&[rules(mode, "", "")], case), expected, "{mode:?}");
        }
        assert_eq!(verdict(&[], CASE), Shown);
    }

    #[test]
    fn words_and_addresses_are_found_as_people_mean_them() {
        for (line, text, found) in [
            ("casino", "Best CASINO!", true),
            ("casino", "casinos", false),
            ("casino", "ca\u{200b}si\u{ad}no", true),
            ("free  money", "get free\nmoney now", true),
            ("spam.example", "see https://spam.example/x", true),
            ("$$$", "a$$$b", true),
            ("ähre", "Währe", false),
            ("casino", "Ｃａｓｉｎｏ night", true),
            ("ＣＡＳＩＮＯ", "casino", true),
            ("casino", "ca\u{2060}ｓ\u{fe0f}ino", true),
            // Cyrillic, Greek and mathematical letters that look alike.
            ("casino", "саsіnо", true),
            ("casino", "Best \u{421}\u{410}SIN\u{41e}!", true),
            ("casino", "CΑSΙΝΟ", true),
            ("viagra", "v\u{456}αgr\u{200b}а", true),
            ("free money", "frее **mоney**", true),
            ("CАSINO", "casino", true),
            ("казино", "Казино!", true),
            ("казино", "кaзинo", true),
            ("corn", "com", false),
            ("corn", "соm", false),
            ("ill", "lil", false),
            ("café", "cafe\u{301}", true),
            ("straße", "STRASSE", true),
            ("ΣΊΣΥΦΟΣ", "σίσυφος", true),
            ("viagra", "vi*ag*ra", true),
            ("viagra", "**v**i`agr`a", true),
            ("viagra", "[vi](https://x.example)agra", true),
            ("viagra", "via\n\ngra", false),
            ("viagra", "via\ngra", false),
            ("free money", "free **money**", true),
            ("x.example", "[here](https://x.example/y)", true),
            ("@spam.example", "hello", true),
            ("@other.example", "hello", false),
            ("ann@spam.example", "hello", true),
            ("  ", "  ", false),
        ] {
            let seen = Body::parse(text).map(|body| marked::plain(&body.html));
            let case = Case {
                source: text,
                seen: &seen.unwrap_or_default(),
                ..CASE
            };
            let held = verdict(&[rules(Mode::Off, line, "")], case);
            assert_eq!(held == Verdict::Held("words"), found, "{line}: {text}");
            let refused = verdict(&[rules(Mode::Off, line, line)], case);
            let is_hers = matches!(line, "@spam.example" | "ann@spam.example");
            let expected = match is_hers {
                true => Verdict::Unwanted,
                false => Verdict::Refused,
            };
            assert_eq!(refused == expected, found, "{line}: {text}");
        }
    }

    #[test]
    fn the_stricter_of_two_rules_counts() {
        let own = rules(Mode::Off, "word", "");
        let all = rules(Mode::Off, "", "plain");
        assert_eq!(verdict(&[own, all], CASE), Verdict::Refused);
    }
}
