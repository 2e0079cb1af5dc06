//! The mirror at Stripe: a product a tier, a price an amount.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use crate::{
    app::App,
    entities::{price, tier},
    money::Money,
};

/// Makes sure Stripe knows this tier's product and current prices. Repeating it changes nothing.
///
/// # Errors
/// If Stripe or the database is away; the next call goes on where this one stopped.
pub async fn mirror(app: &App, id: Uuid) -> anyhow::Result<()> {
    let Some(tier) = tier::Entity::find_by_id(id).one(&app.db).await? else {
        return Ok(());
    };
    let product = match &tier.stripe_product_id {
        Some(product) => product.clone(),
        None => {
            let (name, words) = (&tier.name, &tier.description);
            let product = app.payments.create_product(id, name, words).await?;
            tier::Entity::update_many()
                .col_expr(tier::Column::StripeProductId, Expr::value(product.clone()))
                .filter(tier::Column::Id.eq(id))
                .exec(&app.db)
                .await?;
            product
        }
    };
    let unknown = price::Entity::find()
        .filter(price::Column::TierId.eq(id))
        .filter(price::Column::RetiredAt.is_null())
        .filter(price::Column::StripePriceId.is_null())
        .all(&app.db)
        .await?;
    for price in unknown {
        let amount = Money::new(price.amount, &price.currency);
        let stripe_price = app
            .payments
            .create_price(price.id, &product, &amount, price.recurrence)
            .await?;
        price::Entity::update_many()
            .col_expr(price::Column::StripePriceId, Expr::value(stripe_price))
            .filter(price::Column::Id.eq(price.id))
            .exec(&app.db)
            .await?;
    }
    Ok(())
}

pub(super) async fn mirror_soon(app: &App, id: Uuid) {
    if !app.payments.is_configured() {
        return;
    }
    if let Err(error) = mirror(app, id).await {
        let error = format!("{error:#}");
        tracing::warn!(tier = %id, error, "not at Stripe yet; the next checkout tries again");
    }
}
