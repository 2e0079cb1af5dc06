//! CSV that opens safely in a spreadsheet. Amounts are minor units beside their currency, times RFC 3339.

use std::collections::HashSet;

use anyhow::Context as _;
use axum::{
    extract::{Query, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, SecondsFormat, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder as _};

use uuid::Uuid;

use super::{payments::Which, supporters};
use crate::{
    accounts::Author,
    app::App,
    entities::{account, payment},
    membership::{statements, visibility::secret_among},
    web::Result,
};

/// `GET /studio/supporters.csv`: those whom the page of the same query shows, on all of its pages.
pub async fn supporters(
    State(app): State<App>,
    author: Author,
    Query(which): Query<supporters::Which>,
) -> Result<Response> {
    let head = [
        "name",
        "email",
        "state",
        "patron",
        "tier",
        "amount",
        "currency",
        "recurrence",
        "since",
        "until",
        "labels",
    ];
    let all = supporters::all(&app, author.author.id, &which).await?;
    let rows = all.into_iter().map(|one| {
        vec![
            safe(&one.name),
            safe(&one.email),
            one.standing,
            one.is_patron.to_string(),
            safe(&one.tier.unwrap_or_default()),
            one.amount
                .map(|amount| amount.to_string())
                .unwrap_or_default(),
            one.currency.unwrap_or_default(),
            one.recurrence.unwrap_or_default().to_owned(),
            one.since.map(time).unwrap_or_default(),
            one.until.map(time).unwrap_or_default(),
            safe(&listed(&one.labels)),
        ]
    });
    Ok(file("supporters.csv", &head, rows)?)
}

/// `GET /studio/payments.csv`
pub async fn payments(State(app): State<App>, author: Author) -> Result<Response> {
    let head = [
        "number", "paid_at", "name", "kind", "amount", "refunded", "currency", "invoice",
    ];
    let rows = payment::Entity::find()
        .filter(payment::Column::AuthorId.eq(author.author.id))
        .find_also_related(account::Entity)
        .order_by_asc(payment::Column::Number)
        .all(&app.db)
        .await?;
    let payers: Vec<Uuid> = rows.iter().map(|(payment, _)| payment.account_id).collect();
    let mut secret = HashSet::new();
    for some in payers.chunks(1000) {
        secret.extend(secret_among(&app.db, author.author.id, some).await?);
    }
    let rows = rows.into_iter().map(|(payment, account)| {
        let account = account.filter(|account| !secret.contains(&account.id));
        let kind = if payment.tip_id.is_some() {
            "tip"
        } else if payment.grant_id.is_some() {
            "gift"
        } else {
            "membership"
        };
        let about = payment
            .stripe_invoice_id
            .or(payment.stripe_payment_intent_id);
        vec![
            payment.number.to_string(),
            time(payment.paid_at),
            safe(&account.map(|account| account.name).unwrap_or_default()),
            kind.to_owned(),
            payment.amount.to_string(),
            payment.refunded.to_string(),
            payment.currency,
            about.unwrap_or_default(),
        ]
    });
    Ok(file("payments.csv", &head, rows)?)
}

/// `GET /studio/statement.csv?month=2026-11`: a line a group of the ledger, one currency after the other.
pub async fn statement(
    State(app): State<App>,
    author: Author,
    Query(which): Query<Which>,
) -> Result<Response> {
    let head = [
        "at",
        "kind",
        "number",
        "amount",
        "author",
        "publication",
        "tax",
        "currency",
        "key",
    ];
    let month = which.month(&app)?;
    let statement = statements::statement(&app.db, author.author.id, month).await?;
    let rows = statement.lines.into_iter().map(|line| {
        vec![
            time(line.at),
            line.kind.to_owned(),
            line.number.to_string(),
            line.amount.to_string(),
            line.author.to_string(),
            line.publication.to_string(),
            line.tax.to_string(),
            line.currency,
            line.key,
        ]
    });
    Ok(file(&format!("statement-{month}.csv"), &head, rows)?)
}

fn file(
    name: &str,
    head: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> anyhow::Result<Response> {
    // Spreadsheets take a file without this sign for one in their own old encoding.
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head)?;
    for row in rows {
        writer.write_record(row)?;
    }
    let text = writer.into_inner().context("csv")?;
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

/// Several words in one cell: commas between them, and quotes, doubled within, about a word that has one itself.
fn listed(words: &[String]) -> String {
    let word = |word: &String| match word.contains([',', '"']) {
        true => format!("\"{}\"", word.replace('"', "\"\"")),
        false => word.clone(),
    };
    words.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// Keeps a cell that a person typed from being taken for a formula.
/// Source: <https://owasp.org/www-community/attacks/CSV_Injection>
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_a_word_parts_no_two() {
        for (words, expected) in [
            (vec![], ""),
            (vec!["Press", "Choir"], "Press, Choir"),
            (vec!["Press", "Hull, north"], "Press, \"Hull, north\""),
            (vec!["the \"old\" ones"], "\"the \"\"old\"\" ones\""),
        ] {
            let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
            assert_eq!(listed(&words), expected);
        }
    }

    #[test]
    fn formulas_are_neutralised() {
        for (typed, expected) in [
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-x", "'-x"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("Ann", "Ann"),
            ("", ""),
        ] {
            assert_eq!(safe(typed), expected);
        }
    }
}
