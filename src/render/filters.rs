//! What templates can call: `t`, `asset`; amounts and times as filters.

use chrono::{DateTime, Datelike as _, FixedOffset, Locale};
use fluent_bundle::{FluentArgs, FluentValue};
use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::{Words, assets, tables::within_reach};
use crate::money::{self, Money};

pub(super) fn register(tera: &mut Tera, words: &Words) {
    let catalogue = words.clone();
    tera.register_function("t", move |kwargs: Kwargs, state: &State<'_>| {
        translate(&catalogue, &kwargs, state)
    });
    tera.register_function("asset", asset);
    tera.register_filter("money", amount);
    tera.register_filter("number", number);
    tera.register_filter("price", price);
    tera.register_filter("percent", percent);
    tera.register_filter("change", change);
    tera.register_filter("date", date);
    tera.register_filter("month", month);
    tera.register_filter("datetime", datetime);
    tera.register_filter("rfc3339", rfc3339);
    tera.register_filter("urlencode", urlencode);
    tera.register_filter("initial", initial);
    tera.register_filter("address", address);
    tera.register_filter("tables", tables);
}

fn language(state: &State<'_>) -> TeraResult<String> {
    Ok(state.get("lang")?.unwrap_or_else(|| "en".to_owned()))
}

/// `t(key="articles-by", author=author.name)`: a message in the page's language.
fn translate(words: &Words, kwargs: &Kwargs, state: &State<'_>) -> TeraResult<String> {
    let key: &str = kwargs.must_get("key")?;
    let mut args = FluentArgs::new();
    for (name, value) in kwargs.iter() {
        let name = name.to_string();
        if name != "key" {
            args.set(name, argument(value));
        }
    }
    words
        .say(&language(state)?, key, &args)
        .ok_or_else(|| tera::Error::message(format!("no message “{key}”")))
}

fn argument(value: &Value) -> FluentValue<'static> {
    match (value.as_i64(), value.as_str()) {
        (Some(number), _) => FluentValue::from(number),
        (None, Some(text)) => FluentValue::from(text.to_owned()),
        (None, None) => FluentValue::from(value.to_string()),
    }
}

/// `html | tables(label=…)`: with tables that keys can reach.
fn tables(html: &str, kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    Ok(within_reach(html, kwargs.must_get("label")?))
}

/// `asset(path="plaudit.css")`: the file's address, with its content's hash.
fn asset(kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let path: &str = kwargs.must_get("path")?;
    assets::url(path).ok_or_else(|| tera::Error::message(format!("no asset “{path}”")))
}

/// `{{ hundredths | percent }}`: as people write it, without the sign.
fn percent(hundredths: i64, _: Kwargs, state: &State<'_>) -> TeraResult<String> {
    Ok(money::percent(hundredths, &language(state)?))
}

/// `{{ amount | money(currency="eur") }}`: minor units as people write them.
fn amount(amount: i64, kwargs: Kwargs, state: &State<'_>) -> TeraResult<String> {
    let currency: &str = kwargs.must_get("currency")?;
    Ok(Money::new(amount, currency).format(&language(state)?))
}

/// `{{ count | number }}`: 10,012, or 10.012 in German.
fn number(count: i64, _: Kwargs, state: &State<'_>) -> TeraResult<String> {
    Ok(money::count(count, &language(state)?))
}

/// `{{ amount | price(currency="eur") }}`: the same, without decimals where they are all zero.
fn price(amount: i64, kwargs: Kwargs, state: &State<'_>) -> TeraResult<String> {
    let currency: &str = kwargs.must_get("currency")?;
    Ok(Money::new(amount, currency).format_short(&language(state)?))
}

/// `{{ amount | change(currency="eur") }}`: as `money`, with its sign in front where it grows.
fn change(amount: i64, kwargs: Kwargs, state: &State<'_>) -> TeraResult<String> {
    let sign = if amount > 0 { "+" } else { "" };
    Ok(format!("{sign}{}", self::amount(amount, kwargs, state)?))
}

/// `{{ at | date }}`: 21 December 2026. With `now=…` the year is left out where it goes without
/// saying.
fn date(at: &str, kwargs: Kwargs, state: &State<'_>) -> TeraResult<String> {
    match is_near(at, &kwargs)? {
        true => localized(at, &language(state)?, "%-d %B", "%-d. %B"),
        false => Ok(day(parse(at)?, &language(state)?)),
    }
}

/// A day by the clock of the instant's offset: 21 December 2026.
pub fn day(at: DateTime<FixedOffset>, language: &str) -> String {
    in_words(at, language, "%-d %B %Y", "%-d. %B %Y")
}

/// `{{ at | month }}`: December 2026. With `now=…` as for `date`.
fn month(at: &str, kwargs: Kwargs, state: &State<'_>) -> TeraResult<String> {
    let format = if is_near(at, &kwargs)? { "%B" } else { "%B %Y" };
    localized(at, &language(state)?, format, format)
}

/// Whether a date without its year can only mean this one: less than half a year away, or earlier
/// in the same year.
fn is_near(at: &str, kwargs: &Kwargs) -> TeraResult<bool> {
    let Some(now) = kwargs.get::<&str>("now")? else {
        return Ok(false);
    };
    let (at, now) = (parse(at)?, parse(now)?);
    Ok((at - now).num_days().abs() < 180 || (at.year() == now.year() && at < now))
}

/// `{{ at | datetime }}`: 21 December 2026, 14:05 UTC.
fn datetime(at: &str, _: Kwargs, state: &State<'_>) -> TeraResult<String> {
    Ok(moment(parse(at)?, &language(state)?))
}

/// A day and an hour by the clock of the instant's offset: 21 December 2026, 14:05 UTC.
pub fn moment(at: DateTime<FixedOffset>, language: &str) -> String {
    let (english, german) = match at.offset().local_minus_utc() {
        0 => ("%-d %B %Y, %H:%M UTC", "%-d. %B %Y, %H:%M UTC"),
        _ => ("%-d %B %Y, %H:%M (UTC%:z)", "%-d. %B %Y, %H:%M (UTC%:z)"),
    };
    in_words(at, language, english, german)
}

/// `{{ at | rfc3339 }}`: for `<time datetime>` and machines.
fn rfc3339(at: &str, _: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let instant = parse(at)?.to_utc();
    Ok(instant.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

/// `{{ path | urlencode }}`: as a value in a query.
fn urlencode(text: &str, _: Kwargs, _: &State<'_>) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// `{{ name | initial }}`: the letter that stands in for a portrait.
fn initial(name: &str, _: Kwargs, _: &State<'_>) -> String {
    let letter = name.chars().find(|sign| sign.is_alphanumeric());
    letter
        .map(|letter| letter.to_uppercase().collect())
        .unwrap_or_default()
}

/// `{{ person.email | address }}`: a long one breaks behind its signs, and within a word only where that is too long.
fn address(text: &str, _: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let shown = state.escape(text)?;
    let shown = shown.replace('@', "@<wbr>").replace('.', ".<wbr>");
    Ok(Value::safe_string(&shown))
}

fn localized(at: &str, language: &str, english: &str, german: &str) -> TeraResult<String> {
    Ok(in_words(parse(at)?, language, english, german))
}

fn in_words(at: DateTime<FixedOffset>, language: &str, english: &str, german: &str) -> String {
    let text = match language {
        "de" => at.format_localized(german, Locale::de_DE),
        _ => at.format_localized(english, Locale::en_GB),
    };
    text.to_string()
}

/// An instant, with the offset it was written with: a day is a day where it is read.
fn parse(at: &str) -> TeraResult<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(at).map_err(|_| tera::Error::message(format!("“{at}” is no time")))
}
