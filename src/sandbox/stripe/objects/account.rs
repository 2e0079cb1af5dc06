//! The account whose key is used. <https://docs.stripe.com/api/accounts>

use serde_json::json;

use crate::sandbox::stripe::door::{Answer, Ask, Endpoint};
use crate::sandbox::stripe::state::State;

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint::get("account", "", account)];

fn account(_: &mut State, _: &Ask<'_>) -> Answer {
    Ok(json!({
        "id": "acct_sandbox", "object": "account",
        "business_profile": { "mcc": null, "name": "Sandbox", "support_email": null, "url": null },
        "business_type": "company",
        "capabilities": { "card_payments": "active", "transfers": "active" },
        "charges_enabled": true, "country": "DE", "default_currency": "eur",
        "details_submitted": true, "email": "sandbox@example.com", "metadata": {},
        "payouts_enabled": true,
        "settings": { "dashboard": { "display_name": "Sandbox", "timezone": "Etc/UTC" } },
        "type": "standard",
    }))
}
