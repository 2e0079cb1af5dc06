//! Where else an author is found.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter,
};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use crate::{entities::author_link, tidying};

/// How many links an author's page has at most.
pub const MOST_LINKS: usize = 6;
/// The longest label and the longest address, in characters.
pub const LONGEST_LABEL: usize = 60;
const LONGEST_ADDRESS: usize = 500;

/// A link, as typed or as kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Plain text; typed empty, the host of the address.
    pub label: String,
    /// `https://…`
    pub address: String,
}

/// What is wrong with the link of this number, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    AddressMissing(usize),
    AddressInvalid(usize),
    TooLong(usize),
    TooMany,
}

/// The links that say anything, as they are kept. Only `https` is taken: whatever else is no page that a reader can
/// be sent to with a good conscience.
pub(super) fn checked(typed: &[Link]) -> Result<Vec<Link>, Flaw> {
    let mut links = Vec::new();
    for (number, link) in (1..).zip(typed) {
        let (label, address) = (tidying::line(&link.label), link.address.trim());
        if label.is_empty() && address.is_empty() {
            continue;
        }
        if address.is_empty() {
            return Err(Flaw::AddressMissing(number));
        }
        if label.chars().count() > LONGEST_LABEL || address.chars().count() > LONGEST_ADDRESS {
            return Err(Flaw::TooLong(number));
        }
        let url = web_page(address).ok_or(Flaw::AddressInvalid(number))?;
        let host = url.host_str().unwrap_or_default().to_owned();
        links.push(Link {
            label: if label.is_empty() { host } else { label },
            address: url.into(),
        });
    }
    match links.len() > MOST_LINKS {
        true => Err(Flaw::TooMany),
        false => Ok(links),
    }
}

/// An address of the web that hides nobody's name and password.
fn web_page(address: &str) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    let has_dot = url.domain().is_some_and(|domain| domain.contains('.'));
    let is_plain = url.username().is_empty() && url.password().is_none();
    (url.scheme() == "https" && has_dot && is_plain).then_some(url)
}

/// An author's links, in their order.
///
/// # Errors
/// If the database fails.
pub async fn links(db: &impl ConnectionTrait, author: Uuid) -> Result<Vec<Link>, DbErr> {
    let rows = author_link::Entity::of(author).all(db).await?;
    let each = rows.into_iter().map(|row| Link {
        label: row.label,
        address: row.address,
    });
    Ok(each.collect())
}

/// Puts an author's links down anew.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    author: Uuid,
    links: Vec<Link>,
) -> Result<(), DbErr> {
    author_link::Entity::delete_many()
        .filter(author_link::Column::AuthorId.eq(author))
        .exec(tx)
        .await?;
    if links.is_empty() {
        return Ok(());
    }
    let rows = links.into_iter().zip(0..);
    let rows = rows.map(|(link, position)| author_link::ActiveModel {
        author_id: Set(author),
        position: Set(position),
        label: Set(link.label),
        address: Set(link.address),
    });
    author_link::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_addresses_of_the_web_are_kept() {
        let long = format!("https://example.org/{}", "x".repeat(500));
        for (address, expected) in [
            ("https://example.org", Ok("https://example.org/")),
            (" https://example.org/@ann ", Ok("https://example.org/@ann")),
            ("HTTPS://EXAMPLE.ORG/A", Ok("https://example.org/A")),
            (
                "https://bücher.example/",
                Ok("https://xn--bcher-kva.example/"),
            ),
            (
                "https://example.org/\"><b>",
                Ok("https://example.org/%22%3E%3Cb%3E"),
            ),
            ("http://example.org", Err(Flaw::AddressInvalid(1))),
            ("javascript:alert(1)", Err(Flaw::AddressInvalid(1))),
            ("data:text/html,x", Err(Flaw::AddressInvalid(1))),
            ("mailto:ann@example.org", Err(Flaw::AddressInvalid(1))),
            ("//example.org", Err(Flaw::AddressInvalid(1))),
            ("example.org", Err(Flaw::AddressInvalid(1))),
            ("https://", Err(Flaw::AddressInvalid(1))),
            ("https://localhost/", Err(Flaw::AddressInvalid(1))),
            ("https://127.0.0.1/", Err(Flaw::AddressInvalid(1))),
            (
                "https://bank.example@evil.example/",
                Err(Flaw::AddressInvalid(1)),
            ),
            (long.as_str(), Err(Flaw::TooLong(1))),
        ] {
            let typed = Link {
                label: "Ann\u{202e}".to_owned(),
                address: address.to_owned(),
            };
            let expected = expected.map(|address| {
                let label = "Ann".to_owned();
                vec![Link {
                    label,
                    address: address.to_owned(),
                }]
            });
            assert_eq!(checked(&[typed]), expected, "{address}");
        }
    }

    #[test]
    fn empty_rows_are_none_and_an_empty_label_is_the_host() {
        let link = |label: &str, address: &str| Link {
            label: label.to_owned(),
            address: address.to_owned(),
        };
        let typed = [
            link("", " "),
            link("", "https://example.org/a"),
            link("", ""),
        ];
        let kept = checked(&typed).map(|links| links[0].label.clone());
        assert_eq!(kept, Ok("example.org".to_owned()));
        let typed = [link("", ""), link("Here", "")];
        assert_eq!(checked(&typed), Err(Flaw::AddressMissing(2)));
        let typed = vec![link("", "https://example.org/"); MOST_LINKS + 1];
        assert_eq!(checked(&typed), Err(Flaw::TooMany));
    }
}
