//! Connected accounts, the links to their pages, and how one comes loose. <https://docs.stripe.com/api/accounts>

use serde_json::{Map, Value, json};

use crate::sandbox::stripe::{
    door::{Answer, Ask, Endpoint, Fields, Refusal},
    state::{State, number, page, text},
};

const KIND: &str = "account";
const CREATE: &str = "business_profile[mcc name product_description support_email url] \
    business_type capabilities[card_payments[requested] transfers[requested]] country \
    default_currency email metadata[*] type";
const UPDATE: &str = "business_profile[mcc name product_description support_email url] \
    business_type capabilities[card_payments[requested] transfers[requested]] \
    default_currency email metadata[*]";
/// How long a link may be opened, in seconds.
const LINK_LASTS: i64 = 5 * 60;
/// What is asked before the first payout.
const ASKED: [&str; 5] = [
    "business_type",
    "external_account",
    "individual.dob.day",
    "individual.last_name",
    "tos_acceptance.date",
];
/// What somebody who leaves half-way has still to say.
const ASKED_STILL: [&str; 2] = ["external_account", "tos_acceptance.date"];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list("accounts", KIND, "created[gt gte lt lte]"),
    Endpoint::retrieve("accounts/{}", KIND),
    Endpoint::post("accounts", KIND, CREATE, create),
    Endpoint::post("accounts/{}", KIND, UPDATE, update),
    Endpoint::delete("accounts/{}", KIND, "", delete),
    Endpoint::post("accounts/{}/login_links", KIND, "", login_link),
    Endpoint::post(
        "account_links",
        KIND,
        "account collect collection_options[fields future_requirements] refresh_url return_url type",
        link,
    ),
];

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let kind = fields.one_of("type", &["express", "custom", "standard"])?;
    let id = state.id("acct");
    let country = fields.text("country").unwrap_or("DE").to_uppercase();
    let mut capabilities = Map::new();
    requested(fields, &mut capabilities)?;
    let mut object = json!({
        "id": id, "object": KIND,
        "business_profile": {
            "annual_revenue": null, "estimated_worker_count": null, "mcc": null, "name": null,
            "minority_owned_business_designation": null, "product_description": null,
            "support_address": null, "support_email": null, "support_phone": null,
            "support_url": null, "url": null,
        },
        "business_type": null, "capabilities": capabilities, "charges_enabled": false,
        "controller": {
            "fees": { "payer": "application_express" }, "is_controller": true,
            "losses": { "payments": "application" }, "requirement_collection": "stripe",
            "stripe_dashboard": { "type": "express" }, "type": "application",
        },
        "country": country, "created": state.now,
        "default_currency": fields.text("default_currency").unwrap_or("eur"),
        "details_submitted": false, "email": null,
        "external_accounts": page(vec![], &format!("/v1/accounts/{id}/external_accounts")),
        "future_requirements": requirements(&[], None), "metadata": fields.metadata(&json!({})),
        "payouts_enabled": false,
        "requirements": requirements(&ASKED, Some("requirements.past_due")),
        "settings": { "dashboard": { "display_name": null, "timezone": "Etc/UTC" } },
        "tos_acceptance": { "date": null, "ip": null, "user_agent": null },
        "type": kind.unwrap_or("standard"),
    });
    describe(fields, &mut object);
    state.put(object);
    Ok(state.get(&id))
}

fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let before = state.find(KIND, ask.id)?;
    let mut object = before.clone();
    object["metadata"] = ask.fields.metadata(&before["metadata"]);
    if let Some(capabilities) = object["capabilities"].as_object_mut() {
        requested(&ask.fields, capabilities)?;
    }
    describe(&ask.fields, &mut object);
    state.put(object);
    state.emit_changed("account.updated", ask.id, &before);
    Ok(state.get(ask.id))
}

fn describe(fields: &Fields<'_>, object: &mut Value) {
    let mut plain = Map::new();
    fields.copy(&["business_type", "default_currency", "email"], &mut plain);
    for (name, value) in plain {
        object[name.as_str()] = value;
    }
    if let Some(profile) = object["business_profile"].as_object_mut() {
        let names = ["mcc", "name", "product_description", "support_email", "url"];
        fields.at("business_profile").copy(&names, profile);
    }
}

/// What is requested is inactive until what is asked for it has been said.
fn requested(fields: &Fields<'_>, kept: &mut Map<String, Value>) -> Result<(), Refusal> {
    let wanted = fields.at("capabilities");
    for name in ["card_payments", "transfers"] {
        match wanted.at(name).flag("requested")? {
            Some(true) if !kept.contains_key(name) => {
                kept.insert(name.to_owned(), json!("inactive"));
            }
            Some(false) => drop(kept.remove(name)),
            _ => {}
        }
    }
    Ok(())
}

fn requirements(due: &[&str], disabled: Option<&str>) -> Value {
    json!({
        "alternatives": [], "current_deadline": null, "currently_due": due,
        "disabled_reason": disabled, "errors": [], "eventually_due": due, "past_due": due,
        "pending_verification": [],
    })
}

fn delete(state: &mut State, ask: &Ask<'_>) -> Answer {
    state.find(KIND, ask.id)?;
    loosen(state, ask.id);
    Ok(json!({ "id": ask.id, "object": KIND, "deleted": true }))
}

fn login_link(state: &mut State, ask: &Ask<'_>) -> Answer {
    let account = state.find(KIND, ask.id)?;
    if account["details_submitted"] != true {
        let message =
            "Cannot create a login link for an account that has not completed onboarding.";
        return Err(Refusal::unfit(message));
    }
    let url = format!("{}/express/{}", state.settings.base_url, ask.id);
    Ok(json!({ "object": "login_link", "created": state.now, "url": url }))
}

fn link(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let account = state.referred(KIND, fields, "account")?;
    fields.required("type")?;
    fields.one_of("type", &["account_onboarding", "account_update"])?;
    fields.required("refresh_url")?;
    fields.required("return_url")?;
    let (back, again) = (
        fields.address("return_url")?,
        fields.address("refresh_url")?,
    );
    let name = state.id("link");
    let expires_at = state.now + LINK_LASTS;
    state.set_note(
        &name,
        "link",
        json!({
            "account": account["id"], "return_url": back, "refresh_url": again,
            "expires_at": expires_at,
        }),
    );
    let url = format!("{}/connect/{name}", state.settings.base_url);
    Ok(json!({
        "object": "account_link", "created": state.now, "expires_at": expires_at, "url": url,
    }))
}

/// Opens a link, which can be done once: the account and the way back, or the way to a new link.
pub(in super::super) fn open(state: &State, name: &str) -> Option<Result<Value, String>> {
    let link = state.note(name, "link").clone();
    let account = link["account"].as_str()?;
    let is_over = number(&link["expires_at"]) < state.now
        || link["used"] == true
        || state.peek(account).is_null();
    Some(match is_over {
        true => Err(text(&link["refresh_url"]).to_owned()),
        false => Ok(link),
    })
}

/// Somebody comes back from the page, done or half-way. Returns where she is sent.
pub(in super::super) fn come_back(state: &mut State, name: &str, is_done: bool) -> String {
    let mut link = state.note(name, "link").clone();
    let account = text(&link["account"]).to_owned();
    link["used"] = json!(true);
    state.set_note(name, "link", link.clone());
    match is_done {
        true => finish(state, &account),
        false => {
            let before = state.get(&account);
            let left = requirements(&ASKED_STILL, Some("requirements.past_due"));
            state.set(&account, json!({ "requirements": left }));
            state.emit_changed("account.updated", &account, &before);
        }
    }
    text(&link["return_url"]).to_owned()
}

/// Everything was said: the account can be paid.
pub(in super::super) fn finish(state: &mut State, id: &str) {
    let before = state.get(id);
    let now = state.now;
    state.change(id, |object| {
        for capability in object["capabilities"].as_object_mut().into_iter().flatten() {
            *capability.1 = json!("active");
        }
        object["charges_enabled"] = json!(true);
        object["payouts_enabled"] = json!(true);
        object["details_submitted"] = json!(true);
        object["business_type"] = json!("individual");
        object["requirements"] = requirements(&[], None);
        object["tos_acceptance"]["date"] = json!(now);
        object["external_accounts"]["data"] = json!([{
            "id": format!("ba_{id}"), "object": "bank_account", "account": id,
            "bank_name": "STRIPE TEST BANK", "country": "DE", "currency": "eur",
            "default_for_currency": true, "last4": "3000", "status": "new",
        }]);
    });
    state.emit_changed("account.updated", id, &before);
}

/// Stripe asks for more, and nothing is paid until then. `reason` is Stripe's word.
pub(in super::super) fn restrict(state: &mut State, id: &str, reason: &str) {
    let before = state.get(id);
    state.change(id, |object| {
        for capability in object["capabilities"].as_object_mut().into_iter().flatten() {
            *capability.1 = json!("inactive");
        }
        object["charges_enabled"] = json!(false);
        object["payouts_enabled"] = json!(false);
        let asked = ["individual.verification.document"];
        object["requirements"] = requirements(&asked, Some(reason));
    });
    state.emit_changed("account.updated", id, &before);
}

/// The account is connected no more: nothing of it can be read from now on.
/// Source: <https://docs.stripe.com/api/events/types#event_types-account.application.deauthorized>
pub(in super::super) fn loosen(state: &mut State, id: &str) {
    state.forget(KIND, |object| object["id"] == id);
    let application = json!({ "id": "ca_sandbox", "object": "application", "name": "Sandbox" });
    state.emit_of("account.application.deauthorized", application, id);
}

/// The account that money is to be sent on to.
pub(super) fn destination(state: &State, fields: &Fields<'_>, name: &str) -> Answer {
    let account = state.referred(KIND, fields, name)?;
    if account["capabilities"]["transfers"] != "active" {
        let message = "Your destination account needs to have at least one of the following \
                       capabilities enabled: transfers, crypto_transfers, legacy_payments";
        let code = "insufficient_capabilities_for_transfer";
        return Err(Refusal::invalid(code, message, &fields.param(name)));
    }
    Ok(account)
}
