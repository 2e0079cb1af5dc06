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
    /// A PNG, and what it shows.
    pub(super) portrait: (&'static [u8], &'static str),
    pub(super) support_words: &'static str,
    pub(super) welcome: &'static str,
    /// Labels and addresses.
    pub(super) links: &'static [(&'static str, &'static str)],
}

pub(super) const PAGES: [Page; 2] = [
    Page {
        key: "matthew",
        bio: "Matthew Smith has lived in Tarrow for twenty years and has been told that he is \
              nearly from there. He writes about harbours, tools, and people who know one thing well.",
        portrait: (
            include_bytes!("pictures/matthew-smith.png"),
            "Matthew Smith, bearded, in a dark blue jersey, the sea behind him",
        ),
        support_words: "I go and see for myself, and then I go back. Patrons pay for the second visit.",
        welcome: "Thank you, truly. Begin with *What the tide tables leave out*; most of the others \
                  begin there too.\n\n- The notebook comes on the first of the month.\n- If you are \
                  ever in Tarrow, the kettle is on from ten.",
        links: &[
            (
                "Tarrow Harbour Society",
                "https://society.tarrow.example/people/matthew",
            ),
            ("Photographs", "https://photographs.example/matthew-smith"),
        ],
    },
    Page {
        key: "ada",
        bio: "Ada Merrow writes about what people eat, when, and with whom. She keeps the \
              recipes honest by cooking them for children.",
        portrait: (
            include_bytes!("pictures/ada-merrow.png"),
            "Ada Merrow, with round glasses and a yellow scarf, in front of a kitchen shelf",
        ),
        support_words: "",
        welcome: "",
        links: &[],
    },
];

/// What stands for the name above every page: a PNG.
pub(super) const LOGO: &[u8] = include_bytes!("pictures/logo.png");

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
