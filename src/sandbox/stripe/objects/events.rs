//! What has happened. <https://docs.stripe.com/api/events>

use crate::sandbox::stripe::door::Endpoint;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list(
        "events",
        "event",
        "created[gt gte lt lte] delivery_success type types",
    ),
    Endpoint::retrieve("events/{}", "event"),
];
