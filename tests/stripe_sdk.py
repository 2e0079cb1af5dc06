"""What Stripe's own SDK says and does, for tests/it/stripe_sdk.rs.

sign SECRET            signs the body on standard input, prints the header
verify SECRET HEADER   fails unless the SDK accepts the body on standard input with this header
buy KEY BASE           a customer, a product, a price and a Checkout Session, made by the SDK's client
"""

import json
import sys

import stripe


def sign(secret):
    print(stripe.WebhookSignature.generate_signature_header(sys.stdin.read(), secret))


def verify(secret, header):
    event = stripe.Webhook.construct_event(sys.stdin.read(), header, secret)
    print(json.dumps({"id": event.id, "type": event.type}))


def buy(key, base):
    client = stripe.StripeClient(key, base_addresses={"api": base}).v1
    customer = client.customers.create({"email": "ann@example.org", "name": "Änn & Söhne"})
    product = client.products.create({"name": "Friend"})
    price = client.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount": 300, "recurring": {"interval": "month"}}
    )
    session = client.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": customer.id,
            "line_items": [{"price": price.id, "quantity": 1}],
            "success_url": "http://localhost/thanks?session_id={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://localhost/cancelled",
            "metadata": {"membership": "one"},
        }
    )
    again = client.customers.retrieve(customer.id)
    print(
        json.dumps(
            {
                "customer": customer.id,
                "name": again.name,
                "interval": price.recurring.interval,
                "session": session.id,
                "status": session.status,
                "membership": session.metadata["membership"],
            }
        )
    )


if __name__ == "__main__":
    {"sign": sign, "verify": verify, "buy": buy}[sys.argv[1]](*sys.argv[2:])
