//! What somebody wants to give, checked, and the row that is written before she goes to Stripe.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use fluent_bundle::FluentArgs;
use uuid::Uuid;

use super::{cost, hashed, token};
use crate::{
    accounts::Address,
    app::App,
    entities::{author, grant},
    membership::{checkout::Refusal, tiers},
    money::Money,
    tidying,
};

/// How long a message or a name may be, in characters.
pub const LONGEST_MESSAGE: usize = 500;
const LONGEST_NAME: usize = 80;
/// How far ahead a gift can be sent, in days.
const FARTHEST: i64 = 366;
/// When in the day a letter for a later day goes out, in hours of UTC.
const HOUR: i64 = 7;

/// A gift as the form sends it.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub tier: Option<Uuid>,
    pub months: String,
    pub currency: Option<String>,
    /// The amount that was shown, in minor units: what is charged is never another.
    pub amount: Option<String>,
    pub name: String,
    pub email: String,
    pub message: String,
    /// `2026-12-24`; empty for at once.
    pub send_on: String,
}

/// A gift that can be bought.
#[derive(Clone, Debug)]
pub struct NewGift {
    pub tier: Uuid,
    pub months: i32,
    pub cost: Money,
    pub name: Option<String>,
    pub email: Option<Address>,
    pub message: Option<String>,
    pub send_at: Option<DateTime<Utc>>,
}

/// What is wrong with a form; the word is a key of the catalogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw(pub &'static str);

/// Holds what was typed against what is on sale now.
pub(super) fn check(
    sold: &[tiers::OnSale],
    typed: &Wanted,
    now: DateTime<Utc>,
) -> Result<NewGift, Flaw> {
    let found = sold.iter().find(|sold| Some(sold.tier.id) == typed.tier);
    let found = found.ok_or(Flaw("membership-not-on-sale"))?;
    let currency = typed.currency.as_deref().map(str::to_lowercase);
    let currency = currency.unwrap_or_else(|| found.tier.currency.clone());
    let months = typed.months.parse().map_err(|_| Flaw("gifts-no-term"))?;
    let cost = cost(found, months, &currency).ok_or(Flaw("gifts-no-term"))?;
    if !tiers::is_chargeable(cost.amount, &currency) {
        return Err(Flaw("membership-amount-out-of-range"));
    }
    let shown = typed.amount.as_deref().map(str::trim);
    if shown.is_some_and(|shown| shown != cost.amount.to_string()) {
        return Err(Flaw("gifts-other-amount"));
    }
    let email = match typed.email.trim() {
        "" => None,
        email => Some(Address::parse(email).map_err(|_| Flaw("gifts-bad-address"))?),
    };
    if email.is_none() && !typed.send_on.trim().is_empty() {
        return Err(Flaw("gifts-day-for-nobody"));
    }
    let name = Some(tidying::line(&typed.name)).filter(|name| !name.is_empty());
    let message = plain(&typed.message);
    let is_long = |text: &Option<String>, most| {
        let text = text.as_ref();
        text.is_some_and(|text| text.chars().count() > most)
    };
    if is_long(&message, LONGEST_MESSAGE) || is_long(&name, LONGEST_NAME) {
        return Err(Flaw("gifts-too-long"));
    }
    Ok(NewGift {
        tier: found.tier.id,
        months,
        cost,
        name,
        email,
        message,
        send_at: send_at(&typed.send_on, now)?,
    })
}

/// Without the signs that no pen writes.
fn plain(typed: &str) -> Option<String> {
    Some(tidying::lines(typed)).filter(|text| !text.is_empty())
}

fn send_at(typed: &str, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Flaw> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let flaw = Flaw("gifts-bad-day");
    let day: NaiveDate = typed.trim().parse().map_err(|_| flaw)?;
    let today = now.date_naive();
    if day < today || day > today + Duration::days(FARTHEST) {
        return Err(flaw);
    }
    let morning = day.and_time(chrono::NaiveTime::MIN).and_utc() + Duration::hours(HOUR);
    Ok((morning > now).then_some(morning))
}

/// The row of a gift whose payment begins, and what it is called at Stripe.
///
/// # Errors
/// If the tier has closed meanwhile, or the database fails.
pub(in crate::membership) async fn order(
    app: &App,
    author: &author::Model,
    new: &NewGift,
    language: &str,
) -> Result<(grant::Model, String), Refusal> {
    let sold = tiers::on_sale(&app.db, author.id).await?;
    let found = sold.iter().find(|sold| sold.tier.id == new.tier);
    let found = found.ok_or(Refusal::NotOnSale)?;
    if cost(found, new.months, &new.cost.currency).as_ref() != Some(&new.cost) {
        return Err(Refusal::AmountOutOfRange);
    }
    let mut args = FluentArgs::new();
    args.set("tier", found.tier.name.clone());
    args.set("author", author.name.clone());
    args.set("months", new.months);
    let said = app.templates.words().say(language, "gifts-name", &args);
    let id = Uuid::now_v7();
    let row = grant::Model {
        id,
        account_id: None,
        author_id: author.id,
        tier_id: new.tier,
        origin: grant::Origin::Bought,
        buyer_id: None,
        checkout_id: None,
        months: Some(new.months),
        recipient_name: new.name.clone(),
        recipient_email: new.email.as_ref().map(|email| email.as_str().to_owned()),
        message: new.message.clone(),
        language: language.to_owned(),
        send_at: new.send_at,
        sends: 0,
        token_hash: hashed(&token(app, id)),
        created_at: app.clock.now(),
        ready_at: None,
        claimed_at: None,
        starts_at: None,
        ends_at: None,
        revoked_at: None,
        revoked_why: None,
        stage: 0,
        due_at: None,
    };
    Ok((row, said.unwrap_or_else(|| found.tier.name.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_to_send_lies_between_today_and_a_year_from_now() {
        let now = DateTime::from_timestamp(1_795_689_000, 0).unwrap_or_default();
        let today = now.date_naive();
        for (days, is_good) in [(-1, false), (0, true), (1, true), (366, true), (367, false)] {
            let typed = (today + Duration::days(days)).to_string();
            assert_eq!(send_at(&typed, now).is_ok(), is_good, "{typed}");
        }
        for (typed, is_good) in [
            ("", true),
            (" ", true),
            ("soon", false),
            ("2026-13-01", false),
        ] {
            assert_eq!(send_at(typed, now).is_ok(), is_good, "{typed}");
        }
    }

    #[test]
    fn no_control_signs_stay_in_a_message() {
        assert_eq!(plain("  \u{7} \r\n "), None);
        assert_eq!(plain("a\r\nb\u{0}").as_deref(), Some("a\nb"));
    }
}
