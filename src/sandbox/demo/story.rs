//! What happened before today, day by day. It is acted out, not written into the tables: whoever pays
//! goes through the Checkout, and every renewal since then has come from the simulated Stripe.

use crate::{entities::Recurrence, sandbox::stripe::Card};

use Recurrence::{Month, Year};

/// Something that happens.
pub(super) enum Beat {
    /// An article comes out: its file.
    Publishes(&'static str),
    /// Somebody becomes a patron: who, whose, which tier, how often, after reading what.
    Joins(
        &'static str,
        &'static str,
        &'static str,
        Recurrence,
        &'static str,
    ),
    /// Somebody gives once: who, whom, euro cents, after reading what.
    Tips(&'static str, &'static str, i64, &'static str),
    /// Somebody gives another half a year: who, whose, which tier, to whom, after reading what.
    Gifts(
        &'static str,
        &'static str,
        &'static str,
        &'static str,
        &'static str,
    ),
    /// An author gives somebody a year for nothing: whose, which tier, to whom.
    Given(&'static str, &'static str, &'static str),
    /// Somebody's card from now on.
    Card(&'static str, Card),
    /// Somebody cancels to the end of the period.
    Leaves(&'static str),
    /// A patron wants everybody to know it: who, whose.
    Shows(&'static str, &'static str),
    /// Somebody wants to hear of new articles without paying.
    Follows(&'static str, &'static str),
    /// A comment: who, under what, the words.
    Says(&'static str, &'static str, &'static str),
    /// An answer to the newest comment under an article that is no answer itself.
    Answers(&'static str, &'static str, &'static str),
}

use Beat::{
    Answers, Card as Pays, Follows, Gifts, Given, Joins, Leaves, Publishes, Says, Shows, Tips,
};

const MATTHEW: &str = "matthew-smith";
const ADA: &str = "ada-merrow";
const TIDES: &str = "what-the-tide-tables-leave-out";
const LIBRARY: &str = "the-library-at-the-end-of-the-pier";
const SOUP: &str = "soup-for-a-cold-quay";
const FERRY: &str = "a-ferry-for-eleven-passengers";
const BAKERY: &str = "the-bakery-that-opens-at-three";
const NETS: &str = "how-to-mend-a-net";
const FOGHORN: &str = "tarrow-lets-its-foghorn-rest";

/// Hours before today, the oldest first.
pub(super) const STORY: &[(i64, Beat)] = &[
    (day(186), Publishes(include_str!("articles/tides.md"))),
    (day(184), Joins("ann", MATTHEW, "Friend", Month, TIDES)),
    (day(184), Shows("ann", MATTHEW)),
    (
        day(183),
        Says(
            "ann",
            TIDES,
            "My grandmother kept the same book, on the same nail, with the same pencil. I took it for a habit of hers. It never crossed my mind that she might be *right*.",
        ),
    ),
    (
        day(182),
        Answers(
            "matthew",
            TIDES,
            "If you still have it, Mrs Tull would like a word with you. She has been looking for someone to disagree with since 1998.",
        ),
    ),
    (day(160), Joins("jonas", MATTHEW, "Patron", Year, TIDES)),
    (day(160), Shows("jonas", MATTHEW)),
    (day(150), Publishes(include_str!("articles/library.md"))),
    (day(148), Follows("nell", MATTHEW)),
    (day(147), Joins("priya", MATTHEW, "Reader", Month, LIBRARY)),
    (
        day(146),
        Says(
            "nell",
            LIBRARY,
            "I am the one with the slugs. It is not a quarrel, it is a correspondence.",
        ),
    ),
    (day(128), Joins("tom", MATTHEW, "Reader", Month, LIBRARY)),
    (day(120), Publishes(include_str!("articles/soup.md"))),
    (day(118), Joins("ruth", ADA, "Crust", Month, SOUP)),
    (day(118), Shows("ruth", ADA)),
    (
        day(118),
        Says(
            "ruth",
            SOUP,
            "Made it twice this week. The five minutes off the heat are everything; I set a clock and left the room.",
        ),
    ),
    (
        day(117),
        Answers(
            "ada",
            SOUP,
            "Leaving the room is the best advice so far. I shall tell Mrs Penrose that it was mine.",
        ),
    ),
    (day(104), Joins("ann", ADA, "Loaf", Month, SOUP)),
    (day(90), Publishes(include_str!("articles/ferry.md"))),
    (day(88), Joins("lena", MATTHEW, "Friend", Year, FERRY)),
    (
        day(87),
        Says(
            "nell",
            FERRY,
            "I cross on the Last. What your table leaves out is that he waits, if he can see you running.",
        ),
    ),
    (
        day(86),
        Answers(
            "matthew",
            FERRY,
            "He asked me not to print that. Everybody would stop running.",
        ),
    ),
    (
        day(80),
        Says(
            "lena",
            FERRY,
            "As a dog owner I follow the footnote with interest.",
        ),
    ),
    (day(75), Pays("tom", Card::FailsLater)),
    (day(72), Joins("marcus", MATTHEW, "Friend", Month, FERRY)),
    (day(60), Publishes(include_str!("articles/bakery.md"))),
    (day(58), Joins("iris", ADA, "Crust", Year, BAKERY)),
    (day(57), Tips("nell", ADA, 500, BAKERY)),
    (day(40), Joins("sofia", MATTHEW, "Patron", Month, FERRY)),
    (day(40), Shows("sofia", MATTHEW)),
    (day(35), Joins("hal", MATTHEW, "Reader", Month, FERRY)),
    (day(30), Publishes(include_str!("articles/nets.md"))),
    (day(29), Joins("ewan", MATTHEW, "Reader", Year, NETS)),
    (
        day(28),
        Says(
            "sofia",
            NETS,
            "“You begin by making the hole larger” is now on a card above my desk. I am a tax adviser.",
        ),
    ),
    (
        day(27),
        Answers(
            "matthew",
            NETS,
            "I have told Peter Angove. He would like to know whether your meshes grow too.",
        ),
    ),
    (day(21), Pays("hal", Card::FailsLater)),
    (day(12), Joins("mei", MATTHEW, "Friend", Month, NETS)),
    (day(9), Tips("oscar", MATTHEW, 2500, FERRY)),
    (day(9), Gifts("ann", MATTHEW, "Friend", "ruth", NETS)),
    (day(8), Given(MATTHEW, "Friend", "ada")),
    (day(8), Joins("bruno", MATTHEW, "Reader", Month, FERRY)),
    (day(6), Leaves("marcus")),
    (day(2), Publishes(include_str!("articles/foghorn.md"))),
    (
        day(1) + 3,
        Says(
            "ann",
            FOGHORN,
            "I signed the second petition, and I slept better this week than I have in thirty years. I do not know what to do with either of these facts.",
        ),
    ),
    (
        day(1),
        Answers(
            "matthew",
            FOGHORN,
            "Nor did the board, I think. It is why the vote was five to four.",
        ),
    ),
    (
        5,
        Says(
            "jonas",
            FOGHORN,
            "The bell buoy! We anchored beside it for a week in August and thought it was somebody’s goat.",
        ),
    ),
];

const fn day(days: i64) -> i64 {
    days * 24
}
