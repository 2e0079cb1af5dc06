//! Deleting an account: the person goes, the books stay.

use fluent_bundle::FluentArgs;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait,
    DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait as _, QueryFilter, QuerySelect as _,
    sea_query::Expr,
};

use super::{Reader, Refusal, sessions::end_sessions};
use crate::{
    app::App,
    db,
    entities::{
        MembershipState as State, Role, account, comment_mail, digest_item, following, grant,
        membership, moderator, mute, outbox, site, supporter_label, supporter_note, token,
        visibility,
    },
};

/// The states in which Stripe may charge her again. A membership with its end booked is none of them:
/// she may go at once and give up the rest.
const CHARGING: [State; 6] = [
    State::Pending,
    State::Trial,
    State::Active,
    State::Grace,
    State::Lapsed,
    State::Paused,
];

/// Why she could not delete her account now, if there is a reason.
///
/// # Errors
/// If the database fails.
pub(super) async fn obstacle(
    db: &impl ConnectionTrait,
    account: &account::Model,
) -> Result<Option<Refusal>, DbErr> {
    if account.role != Role::Reader {
        return Ok(Some(Refusal::Publishes));
    }
    let charging = membership::Entity::find()
        .filter(membership::Column::AccountId.eq(account.id))
        .filter(membership::Column::State.is_in(CHARGING))
        .count(db)
        .await?;
    Ok((charging > 0).then_some(Refusal::StillSupporting))
}

/// Removes what makes the account a person: name, addresses, password, sessions, mail, what she follows.
/// Payments and the memberships behind them stay for the books, and comments stay without her name.
pub(super) async fn delete(app: &App, reader: &Reader) -> Result<(), Refusal> {
    let tx = db::begin(&app.db).await?;
    // The lock under which a payment would make a membership: none comes in between.
    let row = account::Entity::find_by_id(reader.account.id).lock_exclusive();
    let Some(row) = row.one(&tx).await? else {
        return Ok(());
    };
    if let Some(obstacle) = obstacle(&tx, &row).await? {
        return Err(obstacle);
    }
    remove_traces(&tx, &row).await?;
    let language = &app.config.publication.language;
    let words = app.templates.words();
    let nobody = words.say(language, "accounts-deleted-reader", &FluentArgs::new());
    let mut row: account::ActiveModel = row.into();
    row.name = Set(nobody.unwrap_or_default());
    row.email = Set(None);
    row.contact_email = Set(None);
    row.password_hash = Set(None);
    row.deleted_at = Set(Some(app.clock.now()));
    row.update(&tx).await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    Ok(())
}

async fn remove_traces(tx: &DatabaseTransaction, account: &account::Model) -> Result<(), DbErr> {
    end_sessions(tx, account.id).await?;
    let email = account.email.as_deref().unwrap_or_default();
    token::Entity::delete_many()
        .filter(
            Condition::any()
                .add(token::Column::AccountId.eq(account.id))
                .add(token::Column::Email.eq(email)),
        )
        .exec(tx)
        .await?;
    digest_item::Entity::delete_many()
        .filter(digest_item::Column::AccountId.eq(account.id))
        .exec(tx)
        .await?;
    following::Entity::delete_many()
        .filter(following::Column::AccountId.eq(account.id))
        .exec(tx)
        .await?;
    supporter_note::Entity::delete_many()
        .filter(supporter_note::Column::AccountId.eq(account.id))
        .exec(tx)
        .await?;
    supporter_label::Entity::delete_many()
        .filter(supporter_label::Column::AccountId.eq(account.id))
        .exec(tx)
        .await?;
    visibility::Entity::delete_many()
        .filter(visibility::Column::AccountId.eq(account.id))
        .exec(tx)
        .await?;
    moderator::Entity::delete_many()
        .filter(moderator::Column::AccountId.eq(account.id))
        .exec(tx)
        .await?;
    mute::Entity::delete_many()
        .filter(mute::Column::AccountId.eq(account.id))
        .exec(tx)
        .await?;
    comment_mail::Entity::delete_by_id(account.id)
        .exec(tx)
        .await?;
    // A gift is paid for and stays whose it is; what was written with it goes.
    let nothing = Option::<String>::None;
    grant::Entity::update_many()
        .col_expr(grant::Column::RecipientName, Expr::value(nothing.clone()))
        .col_expr(grant::Column::Message, Expr::value(nothing.clone()))
        .col_expr(grant::Column::RecipientEmail, Expr::value(nothing))
        .filter(
            Condition::any()
                .add(grant::Column::AccountId.eq(account.id))
                .add(
                    Condition::all()
                        .add(grant::Column::BuyerId.eq(account.id))
                        .add(grant::Column::AccountId.is_not_null()),
                ),
        )
        .exec(tx)
        .await?;
    outbox::Entity::delete_many()
        .filter(
            Condition::any()
                .add(outbox::Column::AccountId.eq(account.id))
                .add(outbox::Column::ToAddress.eq(email)),
        )
        .exec(tx)
        .await
        .map(drop)
}
