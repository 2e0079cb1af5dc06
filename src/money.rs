//! Amounts: integers of minor units with an ISO 4217 code, and how people read them.

use fixed_decimal::Decimal;
use icu_decimal::DecimalFormatter;
use icu_locale_core::Locale;
use iso_currency::Currency;
use serde::{Deserialize, Serialize};

/// The currencies Stripe treats as having no minor unit.
/// Source: <https://docs.stripe.com/currencies#zero-decimal>
const ZERO_DECIMAL: [&str; 15] = [
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf",
    "xof", "xpf",
];

/// Three decimals, of which Stripe wants the last to be 0.
const THREE_DECIMAL: [&str; 5] = ["bhd", "jod", "kwd", "omr", "tnd"];

/// Counted in hundredths at Stripe, though people know no smaller coin.
/// Source: <https://docs.stripe.com/currencies#special-cases>
const SENT_AS_HUNDREDTHS: [&str; 2] = ["isk", "ugx"];

/// An amount as Stripe counts it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units as Stripe counts them: cents for EUR, whole yen for JPY, hundredths for ISK.
    pub amount: i64,
    /// ISO 4217, lower case, as Stripe writes it.
    pub currency: String,
}

/// A currency code nobody knows.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("“{0}” is not a currency code")]
pub struct UnknownCurrency(pub String);

/// Text that is no amount of this currency.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotAnAmount {
    #[error("“{0}” is not an amount")]
    Unreadable(String),
    #[error("“{0}” is of smaller coins than there are")]
    TooFine(String),
}

impl Money {
    /// Reads an amount as people type it: `3`, `3.00`, `3,00`. No grouping, no sign, and not more
    /// decimals than the currency has coins for.
    ///
    /// # Errors
    /// If it is anything else.
    pub fn parse(text: &str, currency: &str) -> Result<Self, NotAnAmount> {
        let refused = || NotAnAmount::Unreadable(text.trim().to_owned());
        let too_fine = || NotAnAmount::TooFine(text.trim().to_owned());
        let typed = text.trim().replace(',', ".");
        let (whole, part) = typed.split_once('.').unwrap_or((&typed, ""));
        let decimals = usize::from(decimals(currency));
        let is_number = |digits: &str| digits.chars().all(|digit| digit.is_ascii_digit());
        let dangling = typed.ends_with('.');
        let is_read = is_number(whole) && is_number(part);
        if whole.is_empty() || dangling || !is_read {
            return Err(refused());
        }
        if part.len() > decimals {
            return Err(too_fine());
        }
        let digits = format!("{whole}{part:0<decimals$}");
        match digits.parse::<u64>().map(i64::try_from) {
            Ok(Ok(amount)) if !is_of_coins(amount, currency) => Err(too_fine()),
            Ok(Ok(amount)) => Ok(Self::new(amount, currency)),
            _ => Err(refused()),
        }
    }

    pub fn new(amount: i64, currency: &str) -> Self {
        Self {
            amount,
            currency: currency.to_lowercase(),
        }
    }

    /// How many digits of `amount` stand behind the point.
    pub fn decimals(&self) -> u8 {
        decimals(&self.currency)
    }

    /// As people write it in `language`: `€3.00`, `3,00 €`. Never rounded.
    pub fn format(&self, language: &str) -> String {
        self.written(language, false)
    }

    /// The same, with whole amounts left whole: `€3`, `3 €`, but `€3.50`.
    pub fn format_short(&self, language: &str) -> String {
        self.written(language, true)
    }

    fn written(&self, language: &str, is_short: bool) -> String {
        let mut number = Decimal::from(self.amount.unsigned_abs());
        number.multiply_pow10(-i16::from(self.decimals()));
        if is_short || SENT_AS_HUNDREDTHS.contains(&self.currency.as_str()) {
            number.trim_end_if_integer();
        }
        let digits = digits(&number, language);
        let minus = if self.amount < 0 { "−" } else { "" };
        let symbol = self.symbol();
        match language {
            "de" => format!("{minus}{digits}\u{a0}{symbol}"),
            _ if symbol.chars().all(char::is_alphabetic) => {
                format!("{minus}{symbol}\u{a0}{digits}")
            }
            _ => format!("{minus}{symbol}{digits}"),
        }
    }

    /// The digits alone with a point, for forms: `3.00`.
    pub fn plain(&self) -> String {
        let mut number = Decimal::from(self.amount);
        number.multiply_pow10(-i16::from(self.decimals()));
        number.to_string()
    }

    /// The same with its code, which no other currency shares, for records: `3.00 EUR`.
    pub fn coded(&self) -> String {
        format!("{} {}", self.plain(), self.currency.to_uppercase())
    }

    fn symbol(&self) -> String {
        let code = self.currency.to_uppercase();
        let symbol = Currency::from_code(&code).map(|currency| currency.symbol().to_string());
        // A word in another script would turn the line around.
        let is_foreign = |symbol: &String| {
            let mut letters = symbol.chars().filter(|sign| sign.is_alphabetic());
            letters.any(|sign| !sign.is_ascii())
        };
        symbol.filter(|symbol| !is_foreign(symbol)).unwrap_or(code)
    }
}

/// How many of something, as people write it in `language`: `10,012`, `10.012`.
pub fn count(number: i64, language: &str) -> String {
    digits(&Decimal::from(number), language)
}

/// Hundredths of a percent as people write them in `language`: `20`, `12.5`.
pub fn percent(hundredths: i64, language: &str) -> String {
    let mut number = Decimal::from(hundredths);
    number.multiply_pow10(-2);
    number.trim_end();
    digits(&number, language)
}

fn digits(number: &Decimal, language: &str) -> String {
    let locale: Locale = language.parse().unwrap_or(Locale::UNKNOWN);
    match DecimalFormatter::try_new((&locale).into(), Default::default()) {
        Ok(formatter) => formatter.format(number).to_string(),
        Err(_) => number.to_string(),
    }
}

/// Checks a currency code and writes it as Stripe does.
///
/// # Errors
/// If Stripe takes no payments in it. Source: <https://docs.stripe.com/currencies>
pub fn parse_currency(code: &str) -> Result<String, UnknownCurrency> {
    let lower = code.trim().to_lowercase();
    // async-stripe does not name the three-decimal ones, which Stripe takes from some countries.
    let is_listed = THREE_DECIMAL.contains(&lower.as_str());
    match lower.parse() {
        Err(_) | Ok(stripe_types::Currency::Unknown(_)) if !is_listed => {
            Err(UnknownCurrency(code.trim().to_owned()))
        }
        _ => Ok(lower),
    }
}

/// How many decimals Stripe's amounts of this currency have.
pub fn decimals(currency: &str) -> u8 {
    let currency = currency.to_lowercase();
    if ZERO_DECIMAL.contains(&currency.as_str()) {
        0
    } else if THREE_DECIMAL.contains(&currency.as_str()) {
        3
    } else {
        2
    }
}

/// Whether people know smaller coins than the whole: cents, but nothing below a yen.
pub fn has_parts(currency: &str) -> bool {
    is_of_coins(10_i64.pow(u32::from(decimals(currency))) / 10, currency) && decimals(currency) > 0
}

/// Whether nobody knows a smaller coin than `amount` has: Stripe takes hundredths of ISK and UGX as zeros
/// alone, and of three decimals the last.
pub fn is_of_coins(amount: i64, currency: &str) -> bool {
    let currency = currency.to_lowercase();
    let smallest = match decimals(&currency) {
        3 => 10,
        _ if SENT_AS_HUNDREDTHS.contains(&currency.as_str()) => 100,
        _ => 1,
    };
    amount % smallest == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        for (amount, currency, language, expected) in [
            (300, "eur", "en", "€3.00"),
            (123_456, "eur", "en", "€1,234.56"),
            (123_456, "eur", "de", "1.234,56\u{a0}€"),
            (500, "jpy", "en", "¥500"),
            (5, "usd", "en", "$0.05"),
            (1_250, "kwd", "de", "1,250\u{a0}KWD"),
            (50_000, "isk", "en", "kr\u{a0}500"),
            (-300, "eur", "de", "−3,00\u{a0}€"),
        ] {
            assert_eq!(Money::new(amount, currency).format(language), expected);
        }
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (text, currency, expected) in [
            ("3", "eur", Some(300)),
            (" 3.5 ", "eur", Some(350)),
            ("3,05", "eur", Some(305)),
            ("500", "jpy", Some(500)),
            ("500.0", "jpy", None),
            ("1.250", "kwd", Some(1250)),
            ("3.005", "eur", None),
            ("1.000,00", "eur", None),
            ("-3", "eur", None),
            ("+3", "eur", None),
            ("3.", "eur", None),
            (".5", "eur", None),
            ("", "eur", None),
            ("99999999999999999999", "eur", None),
        ] {
            let read = Money::parse(text, currency).ok().map(|money| money.amount);
            assert_eq!(read, expected, "{text} {currency}");
        }
    }

    #[test]
    fn whole_amounts_can_be_left_whole() {
        for (amount, language, expected) in [
            (300, "en", "€3"),
            (350, "en", "€3.50"),
            (120_000, "de", "1.200\u{a0}€"),
        ] {
            assert_eq!(Money::new(amount, "eur").format_short(language), expected);
        }
    }

    #[test]
    fn currency_codes_are_checked() {
        assert_eq!(parse_currency(" EUR "), Ok("eur".to_owned()));
        for unknown in ["euros", "xxx", "xts", "xau", ""] {
            assert!(parse_currency(unknown).is_err(), "{unknown}");
        }
    }

    #[test]
    fn an_amount_that_is_too_fine_is_told_from_one_that_cannot_be_read() {
        for (text, currency, is_too_fine) in [
            ("500.5", "jpy", true),
            ("500,5", "isk", true),
            ("3.005", "usd", true),
            ("1.255", "kwd", true),
            ("1,000", "eur", true),
            ("three", "eur", false),
            ("3.0x5", "eur", false),
            ("", "eur", false),
            ("3.", "eur", false),
        ] {
            let refused = Money::parse(text, currency).expect_err(text);
            let found = matches!(refused, NotAnAmount::TooFine(_));
            assert_eq!(found, is_too_fine, "{text} {currency}");
        }
        for (currency, expected) in [("eur", true), ("kwd", true), ("jpy", false), ("isk", false)] {
            assert_eq!(has_parts(currency), expected, "{currency}");
        }
    }
}
