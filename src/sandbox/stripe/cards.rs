//! The test cards and bank accounts, and what comes of them.
//! Source: <https://docs.stripe.com/testing>

use serde::{Deserialize, Serialize};

/// The test cards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Card {
    /// …4242: always pays.
    #[default]
    Good,
    /// …0341: pays while the payer is there, fails at the renewal.
    FailsLater,
    /// …0002: declined at once.
    Declined,
    /// …3155: asks the payer to confirm once, then pays.
    Confirms,
    /// …3184: asks the payer to confirm every payment, renewals too.
    AlwaysConfirms,
    /// …0259: pays, and is disputed a moment later.
    Disputed,
    /// …5423: pays, and the bank warns of fraud a moment later.
    Suspicious,
    /// …7726: pays; a refund is on its way for a moment.
    RefundsLater,
    /// …5126: pays; a refund seems to succeed and fails a moment later.
    RefundFails,
    /// A bank account, …3204: the debit is on its way for three minutes, then it is paid.
    BankPays,
    /// A bank account, …3205: the debit is on its way for three minutes, then it is refused.
    BankRefuses,
}

/// What comes of charging a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Paid,
    Declined,
    /// Waits for the payer to confirm.
    NeedsPayer,
    /// On its way; the bank tells later.
    Processing,
}

/// Each card with its number and the name Stripe's test objects give it.
const CARDS: [(Card, &str, &str); 11] = [
    (Card::Good, "4242 4242 4242 4242", "pm_card_visa"),
    (
        Card::FailsLater,
        "4000 0000 0000 0341",
        "pm_card_chargeCustomerFail",
    ),
    (
        Card::Declined,
        "4000 0000 0000 0002",
        "pm_card_visa_chargeDeclined",
    ),
    (
        Card::Confirms,
        "4000 0025 0000 3155",
        "pm_card_authenticationRequiredOnSetup",
    ),
    (
        Card::AlwaysConfirms,
        "4000 0027 6000 3184",
        "pm_card_authenticationRequired",
    ),
    (
        Card::Disputed,
        "4000 0000 0000 0259",
        "pm_card_createDispute",
    ),
    (
        Card::Suspicious,
        "4000 0000 0000 5423",
        "pm_card_createIssuerFraudRecord",
    ),
    (
        Card::RefundsLater,
        "4000 0000 0000 7726",
        "pm_card_pendingRefund",
    ),
    (
        Card::RefundFails,
        "4000 0000 0000 5126",
        "pm_card_refundFail",
    ),
    (
        Card::BankPays,
        "AT32 1904 3002 3547 3204",
        "pm_successDelayed_at",
    ),
    (
        Card::BankRefuses,
        "AT05 1904 3002 3547 3205",
        "pm_failedDelayed_at",
    ),
];

impl Card {
    /// By its number, spaces or not.
    pub fn by_number(number: &str) -> Option<Self> {
        let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
        let wanted = digits(number);
        let found = CARDS.iter().find(|(_, number, _)| digits(number) == wanted);
        found.map(|(card, ..)| *card)
    }

    /// As it is printed on the card.
    pub fn number(self) -> &'static str {
        let found = CARDS.iter().find(|(card, ..)| *card == self);
        found.map_or("", |(_, number, _)| number)
    }

    pub(super) fn last4(self) -> &'static str {
        let number = self.number();
        &number[number.len().saturating_sub(4)..]
    }

    pub(super) fn by_last4(last4: &str) -> Option<Self> {
        let found = CARDS.iter().find(|(card, ..)| card.last4() == last4);
        found.map(|(card, ..)| *card)
    }

    /// By the name of Stripe's test payment methods, such as `pm_card_visa`.
    pub(super) fn by_test_name(name: &str) -> Option<Self> {
        let found = CARDS.iter().find(|(.., test_name)| *test_name == name);
        found.map(|(card, ..)| *card)
    }

    /// Whether it is a bank account, from which a debit takes its time.
    pub(super) fn is_bank(self) -> bool {
        matches!(self, Self::BankPays | Self::BankRefuses)
    }

    /// Whether the payer is asked to confirm when she is there.
    pub fn asks(self) -> bool {
        matches!(self, Self::Confirms | Self::AlwaysConfirms)
    }

    /// `is_present`: the payer is there, and confirms where she is asked.
    pub(super) fn charge(self, is_present: bool) -> Outcome {
        match self {
            Self::Good | Self::Confirms => Outcome::Paid,
            Self::FailsLater | Self::AlwaysConfirms if is_present => Outcome::Paid,
            Self::FailsLater | Self::Declined => Outcome::Declined,
            Self::AlwaysConfirms => Outcome::NeedsPayer,
            Self::BankPays | Self::BankRefuses => Outcome::Processing,
            Self::Disputed | Self::Suspicious | Self::RefundsLater | Self::RefundFails => {
                Outcome::Paid
            }
        }
    }
}
