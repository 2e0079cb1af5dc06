//! Sessions of the Billing Portal. <https://docs.stripe.com/api/customer_portal>

use serde_json::json;

use crate::sandbox::stripe::{
    door::{Answer, Ask, Endpoint},
    state::State,
};

const CREATE: &str = "configuration customer flow_data[type after_completion[redirect[return_url] \
    type] subscription_cancel[subscription] subscription_update[subscription]] locale return_url";
const FLOWS: [&str; 3] = [
    "payment_method_update",
    "subscription_cancel",
    "subscription_update",
];

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint::post(
    "billing_portal/sessions",
    "billing_portal.session",
    CREATE,
    create,
)];

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let customer = super::customers::referred(state, fields, "customer")?;
    let return_url = fields.address("return_url")?;
    let flow = fields.at("flow_data");
    let id = state.id("bps");
    let flow = flow.one_of("type", &FLOWS)?.map(|kind| {
        let subscription = flow.at(kind).text("subscription");
        let after = json!({
            "hosted_confirmation": null, "redirect": null, "type": "portal_homepage",
        });
        json!({
            "after_completion": after, "type": kind,
            "subscription_cancel": (kind == "subscription_cancel")
                .then(|| json!({ "retention": null, "subscription": subscription })),
            "subscription_update": (kind == "subscription_update")
                .then(|| json!({ "subscription": subscription })),
            "subscription_update_confirm": null,
        })
    });
    state.put(json!({
        "id": id, "object": "billing_portal.session", "configuration": "bpc_sandbox",
        "created": state.now, "customer": customer["id"], "customer_account": null,
        "flow": flow, "livemode": false, "locale": fields.text("locale"),
        "on_behalf_of": null, "return_url": return_url,
        "url": format!("{}/portal/{id}", state.settings.base_url),
    }));
    Ok(state.get(&id))
}
