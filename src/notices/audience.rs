//! Who is told of an author's new article.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait as _, QueryFilter, QuerySelect as _,
    QueryTrait as _, Select,
    sea_query::{Alias, Expr, Query, SelectStatement},
};

use crate::{
    app::App,
    entities::{account, following, grant, membership, notice, tip},
    membership::{grant_in_force, in_force, tip_in_force},
};

/// Followers and patrons past the notice's cursor, without those who said no; one address once.
pub(super) fn audience(app: &App, notice: &notice::Model) -> Select<account::Entity> {
    use account::Column;
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let members = membership::Entity::of(notice.author_id)
        .select_only()
        .column(membership::Column::AccountId)
        .filter(in_force(now, grace))
        .into_query();
    let tippers = tip::Entity::find()
        .select_only()
        .column(tip::Column::AccountId)
        .filter(tip::Column::AuthorId.eq(notice.author_id))
        .filter(tip_in_force(now))
        .into_query();
    let granted = grant::Entity::find()
        .select_only()
        .column(grant::Column::AccountId)
        .filter(grant::Column::AuthorId.eq(notice.author_id))
        .filter(grant_in_force(now))
        .into_query();
    let refused = said(notice, false);
    let wanted = |id: Expr| {
        Condition::any()
            .add(id.clone().in_subquery(said(notice, true)))
            .add(id.clone().in_subquery(members.clone()))
            .add(id.clone().in_subquery(tippers.clone()))
            .add(id.in_subquery(granted.clone()))
    };
    let addressed = Condition::any()
        .add(Column::Email.is_not_null())
        .add(Column::ContactEmail.is_not_null());
    let own = Expr::col((account::Entity, Column::Id));
    // A payment makes an account without a proven address. Where the address is somebody's who hears
    // anyway, or wants to hear nothing, or of an earlier such account, it gets no letter of its own.
    let twin = Alias::new("twin");
    let of_twin = |column: Column| Expr::col((twin.clone(), column));
    let contact = || Expr::col((account::Entity, Column::ContactEmail));
    let proven = Condition::all()
        .add(of_twin(Column::Email).eq(contact()))
        .add(wanted(of_twin(Column::Id)).add(of_twin(Column::Id).in_subquery(refused.clone())));
    let earlier = Condition::all()
        .add(of_twin(Column::Email).is_null())
        .add(of_twin(Column::ContactEmail).eq(contact()))
        .add(of_twin(Column::Id).lt(own.clone()))
        .add(wanted(of_twin(Column::Id)))
        .add(of_twin(Column::Id).not_in_subquery(refused.clone()));
    let twins = Query::select()
        .expr(Expr::val(1))
        .from_as(account::Entity, twin.clone())
        .and_where(of_twin(Column::DeletedAt).is_null())
        .cond_where(Condition::any().add(proven).add(earlier))
        .to_owned();
    let alone = Condition::any()
        .add(Column::Email.is_not_null())
        .add(Expr::exists(twins).not());
    let readers = account::Entity::find()
        .filter(Column::DeletedAt.is_null())
        .filter(addressed)
        .filter(wanted(own))
        .filter(Column::Id.not_in_subquery(refused))
        .filter(alone);
    match notice.cursor {
        Some(cursor) => readers.filter(Column::Id.gt(cursor)),
        None => readers,
    }
}

/// Who has said that they want the author's notices, or that they do not.
fn said(notice: &notice::Model, wants: bool) -> SelectStatement {
    following::Entity::find()
        .select_only()
        .column(following::Column::AccountId)
        .filter(following::Column::AuthorId.eq(notice.author_id))
        .filter(following::Column::WantsNotices.eq(wants))
        .into_query()
}
