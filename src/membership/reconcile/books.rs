//! The books of every payment against the rules: a group that is wrong yet balanced, one that is missing or too
//! much, and a sum given back that its refunds do not come to.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    QuerySelect as _, sea_query::Query,
};
use uuid::Uuid;

use super::{Step, compare::Found, note, right::Told};
use crate::{
    app::App,
    db,
    entities::{
        author_share,
        difference::Class,
        ledger_entry, payment, reconciliation,
        refund::{self, State},
    },
    membership::{
        ledger::{self, Facts, WHOLE},
        sent_on,
    },
    money::Money,
};

/// How many payments are read at once.
const PAGE: u64 = 500;

pub(super) async fn compare(app: &App, run: &reconciliation::Model) -> anyhow::Result<Step> {
    use payment::Column;
    let after: Option<Uuid> = run.cursor.as_deref().map(str::parse).transpose()?;
    let given_back = Query::select()
        .column(refund::Column::PaymentId)
        .from(refund::Entity)
        .and_where(refund::Column::RefundedAt.gte(run.since))
        .take();
    let recent = run.since.map(|since| {
        Condition::any()
            .add(Column::PaidAt.gte(since))
            .add(Column::Id.in_subquery(given_back))
    });
    let payments = payment::Entity::find()
        .filter(Condition::all().add_option(recent))
        .filter(Condition::all().add_option(after.map(|after| Column::Id.gt(after))))
        .order_by_asc(Column::Id)
        .limit(PAGE)
        .all(&app.db)
        .await?;
    let compared = payments.len();
    let cursor = payments.last().map(|payment| payment.id.to_string());
    let mut found = Vec::new();
    for id in suspects(&app.db, payments).await? {
        if let Some((ours, theirs)) = differs(app, id, None).await? {
            let class = Class::LedgerDiffers;
            found.push(Found::new(class, &id.to_string(), ours, theirs));
        }
    }
    note(app, run, found).await?;
    let is_full = u64::try_from(compared)? == PAGE;
    Ok(Step {
        compared,
        cursor: cursor.filter(|_| is_full),
    })
}

/// Which of these payments seem to have wrong books. What is being booked meanwhile may seem so, too.
async fn suspects(
    db: &impl ConnectionTrait,
    payments: Vec<payment::Model>,
) -> Result<Vec<Uuid>, DbErr> {
    let ids: Vec<Uuid> = payments.iter().map(|payment| payment.id).collect();
    let authors: BTreeSet<Uuid> = payments.iter().map(|payment| payment.author_id).collect();
    let shares = author_share::Entity::find()
        .filter(author_share::Column::AuthorId.is_in(authors))
        .order_by_desc(author_share::Column::Since)
        .order_by_desc(author_share::Column::Id)
        .all(db)
        .await?;
    let mut refunds: HashMap<Uuid, Vec<refund::Model>> = HashMap::new();
    let given_back = refund::Column::PaymentId.is_in(ids.iter().copied());
    for row in refund::Entity::find().filter(given_back).all(db).await? {
        refunds.entry(row.payment_id).or_default().push(row);
    }
    let mut entries: HashMap<Uuid, Vec<ledger_entry::Model>> = HashMap::new();
    for entry in ledger::entries(db, &ids).await? {
        entries.entry(entry.payment_id).or_default().push(entry);
    }
    let mut suspects = Vec::new();
    for payment in payments {
        let of_author = shares
            .iter()
            .find(|share| share.author_id == payment.author_id && share.since <= payment.paid_at);
        let refunds = refunds.remove(&payment.id).unwrap_or_default();
        let facts = Facts {
            payment: &payment,
            share: of_author.map_or(WHOLE, |share| share.basis_points),
            refunds: &refunds,
            moved: None,
            sent: &[],
        };
        let entries = entries.remove(&payment.id).unwrap_or_default();
        if difference(&facts, entries).is_some() {
            suspects.push(payment.id);
        }
    }
    Ok(suspects)
}

/// How the books of a payment stand and how they should, where they differ; read while nobody books. `told`: what
/// Stripe says of it, where it was asked.
pub(super) async fn differs(
    app: &App,
    id: Uuid,
    told: Option<&Told>,
) -> anyhow::Result<Option<(String, String)>> {
    let tx = db::begin(&app.db).await?;
    let locked = payment::Entity::find_by_id(id).lock_exclusive();
    let Some(payment) = locked.one(&tx).await? else {
        return Ok(None);
    };
    let refunds = refund::Entity::of(id).all(&tx).await?;
    let facts = Facts {
        payment: &payment,
        share: ledger::share_at(&tx, payment.author_id, payment.paid_at).await?,
        refunds: &refunds,
        moved: told.and_then(|told| told.moved.as_deref()),
        sent: told.map_or(&[], |told| &told.sent),
    };
    let entries = ledger::entries(&tx, &[id]).await?;
    let difference = difference(&facts, entries);
    tx.rollback().await?;
    Ok(difference)
}

fn difference(facts: &Facts<'_>, entries: Vec<ledger_entry::Model>) -> Option<(String, String)> {
    let payment = facts.payment;
    let coded = |amount| Money::new(amount, &payment.currency).coded();
    let wrong = ledger::wrong(facts, &entries);
    let mut told: Vec<(String, String)> = wrong.iter().map(|group| group.told(payment)).collect();
    if wrong.is_empty()
        && let Some((booked, wanted)) = sent_on::misdivided(entries)
    {
        let tell = |sent| format!("author_was_sent {}", coded(sent));
        told.push((tell(booked), tell(wanted)));
    }
    let standing = facts
        .refunds
        .iter()
        .filter(|row| row.state != State::Failed);
    let given_back: i64 = standing.map(|row| row.amount).sum();
    if given_back != payment.refunded {
        told.push((
            format!("refunded {}", coded(payment.refunded)),
            format!("refunded {}", coded(given_back)),
        ));
    }
    let (ours, theirs): (Vec<String>, Vec<String>) = told.into_iter().unzip();
    (!ours.is_empty()).then(|| (ours.join("\n"), theirs.join("\n")))
}
