//! What became of a file, in counts: what came in, what was left out and why, what has no place here.

use std::collections::BTreeMap;

use serde::Serialize;

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    pub added: usize,
    /// Of these, by people who have an account here.
    pub by_readers: usize,
    /// Of these, by guests, who are shown by the name they went by.
    pub by_guests: usize,
    /// Accounts that were made for people who have none here: unclaimed, until each proves her address.
    pub accounts_made: usize,
    /// How many hearts came with them.
    pub hearts: usize,
    /// Bans, reports, mutes and lists of words of the file that are here now.
    pub of_the_house: usize,
    /// Were here already.
    pub known: usize,
    /// Left out, all together.
    pub skipped: usize,
    /// The same by reason.
    pub left_out: BTreeMap<Reason, usize>,
    /// What comments that came in had, and have here no more.
    pub not_kept: BTreeMap<Lost, usize>,
    /// By address, how many comments are on articles that are not here.
    pub unknown_articles: BTreeMap<String, usize>,
}

/// Why a comment was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Spam,
    /// In the other program's bin.
    Bin,
    /// What another site sent by itself.
    Pingback,
    /// Deleted there, and answered by nobody.
    Deleted,
    /// Nothing of it would be seen.
    Empty,
    /// Says not when it was written.
    Undated,
    /// In a state, or without a part, that we do not know what to make of.
    Unknown,
}

/// What a comment had elsewhere and cannot have here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lost {
    /// Votes against: there are hearts alone.
    VotesAgainst,
    /// Pinned there, without a moment.
    Pins,
    /// What it answered did not come in.
    Answers,
    /// Pictures, tables and the like in the text of a comment.
    Marks,
    /// Bans, reports, mutes and lists of words about what is not here.
    House,
    /// Comments answered one another in a ring.
    Rings,
    /// No mail could be sent there, so it names nobody.
    Addresses,
    /// The account of that address goes by another name here.
    Names,
}

impl Reason {
    /// Why, for who has started the import.
    pub fn words(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Bin => "in the bin there",
            Self::Pingback => "pingbacks and trackbacks",
            Self::Deleted => "deleted there, and answered by nobody",
            Self::Empty => "without words that would be seen",
            Self::Undated => "without a date that can be read",
            Self::Unknown => "in a state that is not known",
        }
    }
}

impl Lost {
    /// What and why, for who has started the import.
    pub fn words(self) -> &'static str {
        match self {
            Self::VotesAgainst => "votes against (here a comment has hearts alone)",
            Self::Pins => "pins (pin the one you mean under its article)",
            Self::Answers => {
                "places of answers (what they answered did not come in; they stand by themselves)"
            }
            Self::Marks => {
                "texts with more than emphasis, links, quotes, code and lists (the words are here, pictures, tables and \
                 struck-out words as such are not)"
            }
            Self::House => {
                "bans, reports, mutes or lists of words (whom or what they are about is not here)"
            }
            Self::Rings => {
                "places of answers (they answered one another in a ring; the oldest stands by itself now)"
            }
            Self::Addresses => "addresses to which no mail can be sent (they name nobody here)",
            Self::Names => "names (the account of that address goes by another one here)",
        }
    }
}

impl Imported {
    /// One was left out.
    pub(super) fn leave(&mut self, why: Reason) {
        self.skipped += 1;
        *self.left_out.entry(why).or_default() += 1;
    }

    /// So many of these are not kept.
    pub(super) fn lose(&mut self, what: Lost, many: usize) {
        if many > 0 {
            *self.not_kept.entry(what).or_default() += many;
        }
    }

    /// Whether the file has comments, and none of their articles is here.
    pub fn is_homeless(&self) -> bool {
        self.added + self.known == 0 && !self.unknown_articles.is_empty()
    }
}
