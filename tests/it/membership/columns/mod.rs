//! Every column of every table that Stripe knows something of: somebody writes a wrong value into it, a comparison finds
//! that, one round of mending puts it back, and a second finds nothing. What is ours alone is listed with the reason; a
//! new column does not compile here before it is one or the other.

mod ledger;
mod money;
mod once;
mod subscriptions;

use std::fmt::Debug;

use plaudit::entities::{account, author};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, EntityTrait, IdenStatic as _,
    IntoActiveModel, Iterable, ModelTrait, PrimaryKeyToColumn, QueryFilter, Value,
};

use super::world::World;

/// Whose a column is.
pub(super) enum Whose {
    /// Stripe says what belongs there. Each of these is wrong.
    Stripes(Vec<Value>),
    /// Nobody but us knows it.
    Ours(&'static str),
}

/// One wrong value.
pub(super) fn wrong(value: impl Into<Value>) -> Whose {
    Whose::Stripes(vec![value.into()])
}

pub(super) use Whose::{Ours, Stripes};

/// Somebody else, and somebody else's readers.
pub(super) struct Others {
    pub bob: account::Model,
    pub nora: author::Model,
}

impl World {
    pub(super) async fn others(&self) -> Others {
        let (_, bob) = self.app.reader("Bob").await;
        let nora = self.other_author().await;
        Others { bob, nora }
    }

    /// Writes every wrong value of every column into one row, compares, mends, and sees that it is as it was.
    pub(super) async fn proves<E, F>(&self, row: E::Model, whose: F)
    where
        E: EntityTrait,
        E::Model:
            ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel> + Clone + Debug + PartialEq,
        E::ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
        E::Column: Debug,
        F: Fn(E::Column) -> Whose,
    {
        let mut failed = Vec::new();
        for column in E::Column::iter() {
            let values = match whose(column) {
                Stripes(values) => values,
                Ours(why) => {
                    assert!(!why.is_empty(), "{column:?}");
                    continue;
                }
            };
            for value in values {
                let what = format!("{column:?} {value:?}");
                assert_ne!(row.get(column), value, "{what} is not wrong");
                if let Err(why) = self.proves_one::<E>(&row, column, value).await {
                    failed.push(format!("{what}: {why}"));
                    self.restore::<E>(&row).await;
                }
            }
        }
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    }

    async fn proves_one<E>(
        &self,
        row: &E::Model,
        column: E::Column,
        value: Value,
    ) -> Result<(), String>
    where
        E: EntityTrait,
        E::Model: ModelTrait<Entity = E> + Clone + Debug + PartialEq,
    {
        let id = <E::PrimaryKey as Iterable>::iter()
            .next()
            .expect("a key")
            .into_column();
        let named = row.get(id);
        E::update_many()
            .col_expr(column, sea_orm::sea_query::Expr::value(value))
            .filter(id.eq(named.clone()))
            .exec(&self.app.app.db)
            .await
            .map_err(|error| error.to_string())?;
        let found = self.compare(false).await;
        if found.is_empty() {
            return Err("not found".to_owned());
        }
        let mended = self.compare(true).await;
        let again = self.compare(true).await;
        let all = E::find().filter(id.eq(named)).one(&self.app.app.db).await;
        let now = all.expect("rows").expect("the row");
        let differs: Vec<_> = E::Column::iter()
            .filter(|column| !["generation", "updated_at"].contains(&column.as_str()))
            .filter(|column| now.get(*column) != row.get(*column))
            .map(|column| format!("{column:?} {:?} was {:?}", now.get(column), row.get(column)))
            .collect();
        match again.is_empty() && differs.is_empty() {
            true => Ok(()),
            false => Err(format!(
                "found {found}; mended {mended}; again {again}; {differs:?}"
            )),
        }
    }

    async fn restore<E>(&self, row: &E::Model)
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel> + Clone,
        E::ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
    {
        let all = row.clone().into_active_model().reset_all();
        let _ = all.update(&self.app.app.db).await;
        self.compare(true).await;
    }
}

/// A day before that moment.
pub(super) fn before(at: chrono::DateTime<chrono::Utc>) -> chrono::DateTime<chrono::Utc> {
    at - chrono::Duration::days(1)
}
