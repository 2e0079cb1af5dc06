//! Nobody goes by the name of somebody who writes, runs or moderates here, nor by the publication's, nor by one that
//! looks like it.

use std::{collections::HashSet, iter::once};

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use unicode_security::confusable_detection::skeleton;
use uuid::Uuid;

use super::Refusal;
use crate::{
    app::App,
    entities::{Role, account, author, moderator},
};

/// What somebody may be here, or would like to be taken for: such a word beside a name makes it no other name, and is
/// none by itself. In the languages of the catalogues.
const OFFICES: [&str; 31] = [
    "admin",
    "administrator",
    "author",
    "authoress",
    "editor",
    "moderator",
    "official",
    "owner",
    "publisher",
    "staff",
    "support",
    "team",
    "thereal",
    "verified",
    "writer",
    "administratorin",
    "autor",
    "autorin",
    "betreiber",
    "betreiberin",
    "dasoriginal",
    "herausgeber",
    "herausgeberin",
    "inhaber",
    "inhaberin",
    "moderatorin",
    "offiziell",
    "redakteur",
    "redakteurin",
    "redaktion",
    "verifiziert",
];

/// Refuses a name that readers would take for that of somebody who writes, runs or moderates here, or for the
/// publication's; their own they may have. Names that are here already stay.
///
/// # Errors
/// [`Refusal::NameOfAuthor`], or the database.
pub(super) async fn check(app: &App, name: &str, own: Option<Uuid>) -> Result<(), Refusal> {
    match is_anothers(app, &app.db, name, own).await? {
        true => Err(Refusal::NameOfAuthor),
        false => Ok(()),
    }
}

/// Whether the name looks like that of an author, an owner or a moderator whose account is another than `own`, or
/// like the publication's. Authors and owners may be called as the publication is, and what they are.
///
/// # Errors
/// If the database fails.
pub async fn is_anothers(
    app: &App,
    db: &impl ConnectionTrait,
    name: &str,
    own: Option<Uuid>,
) -> Result<bool, DbErr> {
    let authors = author::Entity::find().all(db).await?;
    let owners = account::Entity::find()
        .filter(account::Column::Role.ne(Role::Reader))
        .filter(account::Column::DeletedAt.is_null())
        .all(db)
        .await?;
    let moderators = moderator::Entity::find()
        .find_also_related(account::Entity)
        .all(db)
        .await?;
    let moderators: Vec<_> = moderators.into_iter().filter_map(|(_, who)| who).collect();
    let authors = authors
        .iter()
        .map(|author| (author.account_id, &author.name));
    let people = owners.iter().map(|owner| (owner.id, &owner.name));
    let mut all: Vec<(Uuid, &String)> = authors.chain(people).collect();
    let is_of_the_house = all.iter().any(|(id, _)| Some(*id) == own);
    all.extend(moderators.iter().map(|who| (who.id, &who.name)));
    let house = app.house.now();
    if !is_of_the_house {
        all.push((Uuid::nil(), &house.name));
    }
    let candidate = Candidate::of(name);
    let mut others = all.iter().filter(|(id, _)| Some(*id) != own);
    let is_an_office = !is_of_the_house && candidate.is_an_office;
    Ok(is_an_office || others.any(|(_, other)| candidate.looks_like(other)))
}

/// A name somebody would like to have, as it may be read.
struct Candidate {
    /// The looks of the name, and of what is left of it without offices.
    looks: HashSet<String>,
    /// Whether it says nothing but what somebody is.
    is_an_office: bool,
}

impl Candidate {
    fn of(name: &str) -> Self {
        let offices: HashSet<String> = OFFICES.into_iter().flat_map(looks).collect();
        let mut all = HashSet::new();
        let mut is_an_office = false;
        let mut left: Vec<String> = looks(name).into_iter().collect();
        while let Some(look) = left.pop() {
            if !all.insert(look.clone()) {
                continue;
            }
            let shorter = offices.iter().flat_map(|office| {
                let end = look.strip_suffix(office.as_str());
                [end, look.strip_prefix(office.as_str())]
            });
            for shorter in shorter.flatten() {
                is_an_office |= shorter.is_empty();
                left.push(shorter.to_owned());
            }
        }
        Self {
            looks: all,
            is_an_office,
        }
    }

    fn looks_like(&self, other: &str) -> bool {
        looks(other).iter().any(|look| self.looks.contains(look))
    }
}

/// What a name looks like: letters and digits alone, each as the plainest one that it could be taken for (Unicode
/// Technical Standard 39, 4), in small letters. A capital I is an l to the eye, which a small i is not: so each
/// letter is looked at as it stands, and once more as the small one it also is. A digit among letters is read as the
/// letter it stands for, and a 1 is an i to some and an l to others.
fn looks(name: &str) -> HashSet<String> {
    let readings = [name.to_owned(), lettered(name, 'i'), lettered(name, 'l')];
    readings.iter().flat_map(|name| seen(name)).collect()
}

/// Both ways to see it: as it stands, and as small letters.
fn seen(name: &str) -> impl Iterator<Item = String> + use<> {
    let plain = |text: &str| skeleton(text).collect::<String>().to_lowercase();
    let as_it_stands = plain(name);
    let as_letters: String = name
        .chars()
        .map(|c| match c.is_ascii() {
            true => c.to_ascii_lowercase().to_string(),
            false => plain(once(c).collect::<String>().as_str()),
        })
        .collect();
    [as_it_stands, as_letters]
        .into_iter()
        .map(|text| skeleton(&text).filter(|c| c.is_alphanumeric()).collect())
        .filter(|look: &String| !look.is_empty())
}

/// The name with letters for the digits and signs that people write in their stead, where they stand among letters;
/// `one` for a 1.
fn lettered(name: &str, one: char) -> String {
    let word = |word: &str| match word.chars().any(char::is_alphabetic) {
        true => word.chars().map(|c| letter(c, one)).collect(),
        false => word.to_owned(),
    };
    let words: Vec<String> = name.split(' ').map(word).collect();
    words.join(" ")
}

fn letter(c: char, one: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => one,
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        '8' => 'b',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_are_one() {
        for (one, other, alike) in [
            ("Matthew Smith", "Matthew Smith", true),
            ("Matthew Smith", "matthew smith", true),
            ("Matthew Smith", "MATTHEW SMITH", true),
            ("Matthew Smith", "Matthew  Smith.", true),
            ("Matthew Smith", "Matthew-Smith", true),
            // Cyrillic а, е and М, mixed with Latin.
            ("Matthew Smith", "Mаtthеw Smith", true),
            ("Matthew Smith", "Мatthew Smith", true),
            ("Matthew Smith", "МATTHEW SMITH", true),
            ("Matthew Smith", "𝐌atthew Smith", true),
            ("Matthew Smith", "Ｍatthew Smith", true),
            ("Matthew Smith", "Matthew Srnith", true),
            ("Matthew Smith", "Matthéw Smith", true),
            ("Ian Lee", "lan Lee", true),
            ("Ian Lee", "1an Lee", true),
            ("Ольга", "Oльга", true),
            // Digits and signs for letters, and a digit that is one.
            ("Matthew Smith", "Matthew Sm1th", true),
            ("Matthew Smith", "M4tth3w 5m!th", true),
            ("Matthew Smith", "M@tthew $mith", true),
            ("Ella Berg", "E11a 8erg", true),
            ("Reader Lee", "Reader 1", false),
            ("Anna S", "Anna 5", false),
            // What somebody is belongs to no name.
            ("Matthew Smith", "Matthew Smith (author)", true),
            ("Matthew Smith", "Matthew Smith (аuthоr)", true),
            ("Matthew Smith", "Matthew Smith, Autor", true),
            ("Matthew Smith", "The real Matthew Smith", true),
            ("Matthew Smith", "MATTHEW SMITH - OFFICIAL TEAM ✓", true),
            ("Matthew Smith", "Matthew Sm1th [m0derator]", true),
            ("Matthew Smith", "Matthew Smith (Hull)", false),
            ("Matthew Smith", "Matthew Smithson", false),
            ("Matthew Smith", "Matthew Smythe", false),
            ("Matthew Smith", "Matthew", false),
            ("Matthew Smith", "Matthew Smith of Hull", false),
            ("Elia Berg", "Ella Berg", false),
            ("Ada", "Аня", false),
            ("שרה", "דנה", false),
        ] {
            let is_alike = Candidate::of(other).looks_like(one);
            assert_eq!(is_alike, alike, "{one}: {other}");
        }
        for (name, is_an_office) in [
            ("Moderator", true),
            ("The Author", false),
            ("Official Moderator", true),
            ("Autorin", true),
            ("Admin!", true),
            ("Ann Author", false),
            ("…", false),
        ] {
            assert_eq!(Candidate::of(name).is_an_office, is_an_office, "{name}");
        }
        assert!(looks("…").is_empty(), "what has no letters is like nobody");
    }
}
