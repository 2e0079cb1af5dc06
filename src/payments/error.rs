//! What can go wrong between us and Stripe, and whether trying again is any use.

/// What went wrong between us and Stripe.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No key is configured.
    #[error("no Stripe key is configured")]
    NotConfigured,
    /// Stripe knows no such object.
    #[error("Stripe knows no such object")]
    NotFound,
    /// Stripe refused the request; trying again the same way is no use.
    #[error("Stripe refused: {0}")]
    Refused(String),
    /// The card did not pay; nothing has changed.
    #[error("the card was declined: {0}")]
    Declined(String),
    /// The bank wants the payer's own word before it pays; nothing has changed.
    #[error("the payer has to confirm it: {0}")]
    Unconfirmed(String),
    /// Stripe cannot be reached or is busy, or the answer could not be read: the outcome is unknown,
    /// and the call is repeated with the same key.
    #[error("Stripe is away: {0}")]
    Away(String),
}
