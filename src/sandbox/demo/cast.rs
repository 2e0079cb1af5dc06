//! Who is there: the publication's people, what its authors have on sale, and the ready-made sign-ins.

use crate::entities::{Role, account};

/// The publication's name and the line under it.
pub const PUBLICATION: (&str, &str) = ("The Harbour Review", "Letters from a small coast");

/// One password for all of them; the demo listens on this machine alone.
pub const PASSWORD: &str = "a quiet harbour";

/// Somebody in the demo.
pub(super) struct Person {
    /// The part of the address before the @, and how the story calls them.
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    pub(super) role: Role,
    pub(super) language: &'static str,
    /// A catalogue key that says what is to be seen with this sign-in; none for those in the background.
    pub(super) shows: Option<&'static str>,
}

/// The names and addresses of the ready-made sign-ins, the author's first.
pub fn sign_ins() -> impl Iterator<Item = (&'static str, String)> {
    let shown = PEOPLE.iter().filter(|person| person.shows.is_some());
    shown.map(|person| (person.name, person.email()))
}

/// The catalogue key of what is to be seen with this account's sign-in; `None` for those in the background.
pub fn shows(account: &account::Model) -> Option<&'static str> {
    let address = account.email.as_deref()?;
    let person = PEOPLE.iter().find(|person| person.email() == address)?;
    person.shows
}

/// The address of somebody in the story.
pub(super) fn email(key: &str) -> String {
    format!("{key}@harbour.example")
}

impl Person {
    pub(super) fn email(&self) -> String {
        email(self.key)
    }
}

const fn reader(key: &'static str, name: &'static str, shows: Option<&'static str>) -> Person {
    Person {
        key,
        name,
        role: Role::Reader,
        language: "en",
        shows,
    }
}

const fn staff(key: &'static str, name: &'static str, role: Role, shows: &'static str) -> Person {
    Person {
        role,
        ..reader(key, name, Some(shows))
    }
}

const fn german(person: Person) -> Person {
    Person {
        language: "de",
        ..person
    }
}

/// Everybody, those with a ready-made sign-in first.
pub(super) const PEOPLE: [Person; 18] = [
    staff(
        "matthew",
        "Matthew Smith",
        Role::Author,
        "demo-shows-author",
    ),
    staff("olivia", "Olivia Hart", Role::Owner, "demo-shows-owner"),
    reader("ann", "Ann Lowe", Some("demo-shows-patron")),
    german(reader("jonas", "Jonas Weber", Some("demo-shows-german"))),
    reader("nell", "Nell Carter", Some("demo-shows-reader")),
    reader("hal", "Hal Price", Some("demo-shows-failing")),
    reader("marcus", "Marcus Bell", Some("demo-shows-leaving")),
    reader("tom", "Tom Askew", Some("demo-shows-lapsed")),
    staff("ada", "Ada Merrow", Role::Author, "demo-shows-second"),
    reader("priya", "Priya Nair", None),
    german(reader("lena", "Lena Fischer", None)),
    reader("sofia", "Sofia Costa", None),
    reader("ewan", "Ewan Rudd", None),
    reader("mei", "Mei Tanaka", None),
    reader("ruth", "Ruth Adler", None),
    reader("oscar", "Oscar Lind", None),
    reader("iris", "Iris Kelly", None),
    reader("bruno", "Bruno Hagen", None),
];

/// An author's page.
pub(super) struct Page {
    pub(super) key: &'static str,
    pub(super) bio: &'static str,
    pub(super) portrait: &'static str,
    pub(super) support_words: Option<&'static str>,
}

pub(super) const PAGES: [Page; 2] = [
    Page {
        key: "matthew",
        bio: "Matthew Smith has lived in Tarrow for twenty years and has been told that he is \
              nearly from there. He writes about harbours, tools, and people who know one thing well.",
        portrait: "demo/matthew-smith.svg",
        support_words: Some(
            "I go and see for myself, and then I go back. Patrons pay for the second visit.",
        ),
    },
    Page {
        key: "ada",
        bio: "Ada Merrow writes about what people eat, when, and with whom. She keeps the \
              recipes honest by cooking them for children.",
        portrait: "demo/ada-merrow.svg",
        support_words: None,
    },
];

/// What is on sale: author, name, benefits, a month, a year; euro cents.
pub(super) const TIERS: [(&str, &str, &str, i64, i64); 5] = [
    (
        "matthew-smith",
        "Reader",
        "Every article, the ones for patrons too\nYour word in the comments",
        300,
        3000,
    ),
    (
        "matthew-smith",
        "Friend",
        "All that Readers have\nThe notebook: a letter each month about what did not fit",
        700,
        7000,
    ),
    (
        "matthew-smith",
        "Patron",
        "All that Friends have\nYour name in the yearly printed issue\nA walk along the mole, weather permitting",
        1500,
        15000,
    ),
    (
        "ada-merrow",
        "Crust",
        "Every recipe, tested twice\nYour word in the comments",
        400,
        4000,
    ),
    (
        "ada-merrow",
        "Loaf",
        "All that Crust has\nA parcel from the bakery at midwinter",
        900,
        9000,
    ),
];
