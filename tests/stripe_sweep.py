"""Stripe's own SDK against every object the simulated Stripe serves, for tests/it/stripe_sdk.rs.

sweep KEY BASE      makes, reads, changes, lists and pages through everything; prints how many of each
disputed KEY BASE   reads what only time brings: disputes and warnings of fraud
event SECRET HEADER KEY   constructs the event on standard input with both of the SDK's readers
thin SECRET KEY     signs the thin event on standard input and parses it as a notification
"""

import json
import sys
from decimal import Decimal

import stripe

MANY = 103
URLS = {"success_url": "http://localhost/thanks", "cancel_url": "http://localhost/no"}


def same(left, right):
    assert left == right, f"{left!r} is not {right!r}"


def refused(kind, act, *, code=None, param=None, status=None):
    """What `act` raises, which is of the SDK's class `kind`."""
    try:
        answer = act()
    except kind as error:
        for name, wanted in [("code", code), ("param", param), ("http_status", status)]:
            assert wanted is None or getattr(error, name) == wanted, f"{name}: {error!r}"
        assert error.user_message or error.http_status == 401, repr(error)
        return error
    raise AssertionError(f"{kind.__name__} was to be raised, not {str(answer)[:200]}")


def peer(key, base):
    """The client, and the same by the module's settings."""
    stripe.api_key, stripe.api_base, stripe.max_network_retries = key, base, 0
    return stripe.StripeClient(key, base_addresses={"api": base}, max_network_retries=0).v1


def pages(service, params=None, least=MANY):
    """Every row, forwards and backwards, by the SDK's own paging."""
    params = params or {}
    whole = service.list({"limit": 100, **params})
    forwards = [row.id for row in whole.auto_paging_iter()]
    same(len(set(forwards)), len(forwards))
    assert len(forwards) >= least, f"{len(forwards)} rows of {service}"
    few = service.list({"limit": 2, **params})
    same([row.id for row in few], forwards[:2])
    same(few.has_more, len(forwards) > 2)
    if few.has_more:
        second = few.next_page()
        same([row.id for row in second], forwards[2:4])
        back = service.list({"limit": 2, "ending_before": second.data[0].id, **params})
        same([row.id for row in back], forwards[:2])
    last = service.list({"limit": 7, "ending_before": forwards[-1], **params})
    backwards = [row.id for row in last.auto_paging_iter()]
    same(sorted(backwards), sorted(forwards[:-1]))
    for limit in [0, 101]:
        refused(stripe.InvalidRequestError, lambda: service.list({"limit": limit, **params}), param="limit")
    refused(
        stripe.InvalidRequestError,
        lambda: service.list({"starting_after": "none_1", **params}),
        code="resource_missing",
        param="starting_after",
    )
    refused(
        stripe.InvalidRequestError,
        lambda: service.list({"limmit": 3, **params}),
        code="parameter_unknown",
        param="limmit",
    )
    return forwards


def reads(service, kind, cls, params=None, least=MANY):
    """Lists, and retrieves what was listed by the client and by the module."""
    ids = pages(service, params, least)
    one = service.retrieve(ids[0])
    assert isinstance(one, cls), type(one)
    same((one.id, one.object, getattr(one, "livemode", False)), (ids[0], kind, False))
    same(cls.retrieve(ids[0]).id, ids[0])
    same(cls.list(limit=1, **(params or {})).data[0].id, ids[0])
    refused(
        stripe.InvalidRequestError, lambda: service.retrieve("none_1"), code="resource_missing", status=404
    )
    refused(
        stripe.InvalidRequestError,
        lambda: service.retrieve(ids[0], {"expandd": ["x"]}),
        code="parameter_unknown",
        param="expandd",
    )
    return ids


def makes(service, params, change, made=MANY):
    """Makes rows; each change is seen when the object is read again."""
    rows = [service.create(params) for _ in range(made)]
    refused(
        stripe.InvalidRequestError,
        lambda: service.create({**params, "misspelt": "x"}),
        code="parameter_unknown",
        param="misspelt",
    )
    key = {"idempotency_key": f"sweep-{rows[0].id}"}
    first, again = service.create(params, key), service.create(params, key)
    same(first.id, again.id)
    same(again.last_response.headers["idempotent-replayed"], "true")
    refused(
        stripe.IdempotencyError,
        lambda: service.create({**params, "metadata": {"other": "1"}}, key),
        status=400,
    )
    if change:
        changed = service.update(first.id, change)
        kept = service.retrieve(first.id)
        for name, value in change.items():
            for object in [changed, kept]:
                has = object[name]
                same(has.to_dict() if hasattr(has, "to_dict") else has, value)
        refused(
            stripe.InvalidRequestError,
            lambda: service.update(first.id, {"metadata": {"a": "b"}, "nested": {"wrong": 1}}),
            code="parameter_unknown",
            param="nested",
        )
        emptied = service.update(first.id, {"metadata": {"seen": ""}})
        assert "seen" not in emptied.metadata
    return rows


def keys(client, base):
    for key in ["", "pk_test_1", "sk_test_", "sk_test_bad", "sk_live_bad", "nonsense"]:
        other = stripe.StripeClient(key or " ", base_addresses={"api": base}).v1
        error = refused(stripe.AuthenticationError, lambda: other.customers.list(), status=401)
        if key == "sk_test_bad":
            same(error.error.message, "Invalid API Key provided: sk_test_bad")
    error = refused(
        stripe.InvalidRequestError, lambda: stripe.Customer.retrieve("cus_none"), code="resource_missing", param="id"
    )
    same(error.http_status, 404)
    assert error.request_id.startswith("req_")
    same(str(error.user_message), "No such customer: 'cus_none'")
    refused(
        stripe.InvalidRequestError,
        lambda: client.raw_request("get", "/v1/nowhere") if hasattr(client, "raw_request") else stripe.StripeClient(
            stripe.api_key, base_addresses={"api": base}
        ).raw_request("get", "/v1/nowhere"),
        status=404,
    )


def catalogue(client):
    note = {"metadata": {"seen": "yes"}}
    customer = makes(client.customers, {"email": "ann@example.org", "name": "Ann"}, {"name": "Änn", **note})[0]
    reads(client.customers, "customer", stripe.Customer)
    same(len(client.customers.list({"email": "nobody@example.org"}).data), 0)
    refused(stripe.InvalidRequestError, lambda: client.customers.create({"email": "none"}), code="email_invalid")
    gone = client.customers.create({"name": "Gone"})
    same(client.customers.delete(gone.id).deleted, True)
    same(client.customers.retrieve(gone.id).deleted, True)

    product = makes(client.products, {"name": "Friend"}, {"description": "Dear", "active": False, **note})[0]
    reads(client.products, "product", stripe.Product)
    named = client.products.create({
        "id": f"named-{product.id}",
        "name": "Named",
        "default_price_data": {"currency": "eur", "unit_amount": 500, "recurring": {"interval": "year"}},
        "expand": ["default_price"],
    })
    same((named.id, named.default_price.unit_amount), (f"named-{product.id}", 500))
    refused(stripe.InvalidRequestError, lambda: client.products.delete(named.id))
    unsold = client.products.create({"name": "Unsold"})
    same(client.products.delete(unsold.id).deleted, True)
    refused(stripe.InvalidRequestError, lambda: client.products.retrieve(unsold.id), code="resource_missing")

    monthly = {
        "product": product.id, "currency": "eur", "unit_amount": 300, "recurring": {"interval": "month"}
    }
    price = makes(client.prices, monthly, {"nickname": "Monthly", **note})[0]
    reads(client.prices, "price", stripe.Price)
    same((price.type, price.recurring.interval, price.unit_amount_decimal), ("recurring", "month", Decimal("300")))
    same(client.prices.retrieve(price.id, {"expand": ["product"]}).product.name, "Friend")
    key = f"key_{price.id}"
    first = client.prices.create({**monthly, "lookup_key": key})
    same([one.id for one in client.prices.list({"lookup_keys": [key]})], [first.id])
    refused(stripe.InvalidRequestError, lambda: client.prices.create({**monthly, "lookup_key": key}), param="lookup_key")
    moved = client.prices.create({**monthly, "lookup_key": key, "transfer_lookup_key": True})
    same([one.id for one in client.prices.list({"lookup_keys": [key]})], [moved.id])
    refused(
        stripe.InvalidRequestError,
        lambda: client.prices.create({**monthly, "recurring": {"interval": "month", "intervall": 1}}),
        code="parameter_unknown",
        param="recurring[intervall]",
    )
    for wrong in [{"currency": "xx"}, {"unit_amount": "3.5"}, {"unit_amount": -1}]:
        refused(stripe.InvalidRequestError, lambda: client.prices.create({**monthly, **wrong}))

    makes(client.coupons, {"percent_off": 25, "duration": "once"}, {"name": "Quarter", **note})
    coupon = client.coupons.list({"limit": 1}).data[0]
    reads(client.coupons, "coupon", stripe.Coupon)
    codes = {"promotion": {"type": "coupon", "coupon": coupon.id}}
    makes(client.promotion_codes, codes, {"active": False, **note})
    reads(client.promotion_codes, "promotion_code", stripe.PromotionCode)
    same(client.promotion_codes.list({"coupon": coupon.id, "active": False}).data[0].promotion.coupon, coupon.id)
    return customer, price


def sessions(client, customer, price):
    order = {"mode": "subscription", "customer": customer.id, "line_items": [{"price": price.id, "quantity": 1}], **URLS}
    session = makes(client.checkout.sessions, order, {"metadata": {"seen": "yes"}})[0]
    reads(client.checkout.sessions, "checkout.session", stripe.checkout.Session)
    same((session.status, session.payment_status, session.amount_total), ("open", "unpaid", 300))
    assert session.url.startswith("http")
    lines = client.checkout.sessions.line_items.list(session.id)
    same((lines.data[0].price.id, lines.data[0].quantity), (price.id, 1))
    full = client.checkout.sessions.retrieve(session.id, {"expand": ["line_items", "customer"]})
    same((full.line_items.data[0].amount_total, full.customer.id), (300, customer.id))
    same(client.checkout.sessions.expire(session.id).status, "expired")
    refused(stripe.InvalidRequestError, lambda: client.checkout.sessions.expire(session.id), status=400)
    refused(
        stripe.InvalidRequestError,
        lambda: client.checkout.sessions.create({**order, "line_items": [{"prise": price.id}]}),
        code="parameter_unknown",
        param="line_items[0][prise]",
    )
    refused(
        stripe.InvalidRequestError,
        lambda: client.checkout.sessions.create({**order, "line_items": [{"price": "price_none", "quantity": 1}]}),
        code="resource_missing",
        param="line_items[0][price]",
    )
    portal = client.billing_portal.sessions.create({"customer": customer.id, "return_url": "http://localhost/"})
    same((portal.object, portal.customer), ("billing_portal.session", customer.id))
    assert portal.url.startswith("http")
    refused(
        stripe.InvalidRequestError,
        lambda: client.billing_portal.sessions.create({"customer": "cus_none"}),
        code="resource_missing",
        param="customer",
    )


def subscribing(client, customer, price):
    pending(client, price)
    order = {"customer": customer.id, "items": [{"price": price.id}]}
    refused(stripe.InvalidRequestError, lambda: client.subscriptions.create(order))
    method = client.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    same((method.card.last4, method.customer), ("4242", customer.id))
    for _ in range(MANY):
        client.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    client.customers.update(customer.id, {"invoice_settings": {"default_payment_method": method.id}})
    reads(client.payment_methods, "payment_method", stripe.PaymentMethod, {"customer": customer.id})
    reads_own = client.customers.payment_methods.list(customer.id, {"limit": 100, "type": "card"})
    assert len([row.id for row in reads_own.auto_paging_iter()]) >= MANY
    spare = client.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    same(client.payment_methods.detach(spare.id).customer, None)

    note = {"metadata": {"seen": "yes"}}
    rows = makes(client.subscriptions, order, {"description": "Thanks", **note})
    reads(client.subscriptions, "subscription", stripe.Subscription)
    sub = client.subscriptions.retrieve(rows[0].id, {"expand": ["latest_invoice.payments", "customer"]})
    item = sub["items"].data[0]
    same((sub.status, item.price.id, item.quantity, item.subscription), ("active", price.id, 1, sub.id))
    assert item.current_period_end > item.current_period_start >= sub.start_date
    same((sub.latest_invoice.status, sub.latest_invoice.amount_paid), ("paid", 300))
    same(sub.latest_invoice.parent.subscription_details.subscription, sub.id)
    payment = sub.latest_invoice.payments.data[0].payment
    same((payment.type, sub.customer.email), ("payment_intent", "ann@example.org"))
    booked = client.subscriptions.update(sub.id, {"cancel_at_period_end": True})
    same((booked.cancel_at_period_end, booked.cancel_at), (True, item.current_period_end))
    same(client.subscriptions.update(sub.id, {"cancel_at_period_end": False}).cancel_at, None)
    double = client.subscriptions.update(
        sub.id, {"items": [{"id": item.id, "quantity": 2}], "proration_behavior": "always_invoice"}
    )
    same(double["items"].data[0].quantity, 2)
    same(client.subscriptions.cancel(rows[1].id).status, "canceled")
    refused(stripe.InvalidRequestError, lambda: client.subscriptions.cancel(rows[1].id), code="resource_missing")
    assert rows[1].id in [one.id for one in client.subscriptions.list({"status": "canceled"})]
    with_items(client, sub.id, item.id)
    declined(client, price)
    schedules(client, rows)
    invoices(client, customer, sub, price)
    money(client, customer)


def with_items(client, sub, item):
    service = client.subscription_items
    same([one.id for one in service.list({"subscription": sub})], [item])
    same(service.retrieve(item).subscription, sub)
    same(service.update(item, {"quantity": 3, "proration_behavior": "none"}).quantity, 3)
    refused(stripe.InvalidRequestError, lambda: service.retrieve("si_none"), code="resource_missing", status=404)
    refused(stripe.InvalidRequestError, lambda: service.update(item, {"quantitee": 3}), param="quantitee")


def declined(client, price):
    poor = client.customers.create({"email": "poor@example.org"})
    order = {
        "customer": poor.id,
        "items": [{"price": price.id}],
        "default_payment_method": "pm_card_chargeCustomerFail",
        "payment_behavior": "error_if_incomplete",
    }
    error = refused(stripe.CardError, lambda: client.subscriptions.create(order), code="card_declined", status=402)
    same(error.error.decline_code, "generic_decline")
    same(error.error.type, "card_error")


def unpaid(client, price):
    """A subscription without a card waits for its first payment, which the payer confirms herself."""
    new = client.customers.create({"email": "new@example.org"})
    order = {
        "customer": new.id,
        "items": [{"price": price.id}],
        "payment_behavior": "default_incomplete",
        "expand": ["latest_invoice.payments"],
    }
    sub = client.subscriptions.create(order)
    invoice = sub.latest_invoice
    same((sub.status, invoice.status, invoice.amount_paid, invoice.attempt_count), ("incomplete", "open", 0, 0))
    intent = invoice.payments.data[0].payment.payment_intent
    same(client.payment_intents.retrieve(intent).status, "requires_payment_method")
    unexpected = "payment_intent_unexpected_state"
    refused(stripe.InvalidRequestError, lambda: client.payment_intents.confirm(intent), code=unexpected)
    poor = {"payment_method": "pm_card_visa_chargeDeclined"}
    refused(stripe.CardError, lambda: client.payment_intents.confirm(intent, poor), code="card_declined", status=402)
    same(client.subscriptions.retrieve(sub.id).status, "incomplete")
    same(client.payment_intents.confirm(intent, {"payment_method": "pm_card_visa"}).status, "succeeded")
    same(client.subscriptions.retrieve(sub.id).status, "active")
    refused(stripe.InvalidRequestError, lambda: client.payment_intents.cancel(intent), code=unexpected)
    trial = client.subscriptions.create({**order, "trial_period_days": 7})
    same(trial.status, "trialing")


def intents(client, customer):
    """Payments that no invoice asks for."""
    service = client.payment_intents
    order = {"amount": 700, "currency": "eur", "customer": customer.id}
    makes(service, order, {"description": "Once", "metadata": {"seen": "yes"}}, made=2)
    one = service.create({**order, "payment_method": "pm_card_visa"})
    same((one.status, one.amount_received), ("requires_confirmation", 0))
    same(service.confirm(one.id).amount_received, 700)
    refused(stripe.InvalidRequestError, lambda: service.confirm(one.id), code="payment_intent_unexpected_state")
    at_once = {**order, "payment_method": "pm_card_visa", "confirm": True, "expand": ["latest_charge"]}
    paid = service.create(at_once)
    same((paid.status, paid.latest_charge.amount), ("succeeded", 700))
    asks = service.create({**at_once, "payment_method": "pm_card_authenticationRequired"})
    same((asks.status, asks.next_action.type), ("requires_action", "use_stripe_sdk"))
    off = {**at_once, "payment_method": "pm_card_visa_chargeDeclined"}
    refused(stripe.CardError, lambda: service.create(off), code="card_declined", status=402)
    left = service.create({**order, "automatic_payment_methods": {"enabled": True}})
    same(left.automatic_payment_methods.enabled, True)
    gone = service.cancel(left.id, {"cancellation_reason": "abandoned"})
    same((gone.status, gone.cancellation_reason), ("canceled", "abandoned"))
    for wrong, param in [({"amount": 0}, "amount"), ({"currency": "xx"}, "currency"), ({"customer": "cus_none"}, "customer")]:
        refused(stripe.InvalidRequestError, lambda: service.create({**order, **wrong}), param=param)
    refused(stripe.InvalidRequestError, lambda: service.create({"currency": "eur"}), code="parameter_missing")


def clocks(client, price):
    """Time goes on as somebody says, and what is due happens."""
    service = client.test_helpers.test_clocks
    begin = int(stripe.Customer.create(email="now@example.org").created)
    clock = service.create({"frozen_time": begin, "name": "A year"})
    same((clock.object, clock.status, clock.frozen_time), ("test_helpers.test_clock", "ready", begin))
    same([one.id for one in service.list({"limit": 1})], [clock.id])
    tester = client.customers.create({
        "email": "tester@example.org", "test_clock": clock.id, "payment_method": "pm_card_visa",
    })
    same(tester.test_clock, clock.id)
    card = client.payment_methods.attach("pm_card_visa", {"customer": tester.id})
    order = {"customer": tester.id, "items": [{"price": price.id}], "default_payment_method": card.id}
    sub = client.subscriptions.create(order)
    before = sub["items"].data[0].current_period_end
    same(service.advance(clock.id, {"frozen_time": before + 7200}).status, "advancing")
    now = service.retrieve(clock.id)
    same((now.status, now.frozen_time), ("ready", before + 7200))
    after = client.subscriptions.retrieve(sub.id)["items"].data[0]
    same(after.current_period_start, before)
    bills = client.invoices.list({"subscription": sub.id}).data
    same([bill.billing_reason for bill in bills], ["subscription_cycle", "subscription_create"])
    refused(
        stripe.InvalidRequestError, lambda: service.advance(clock.id, {"frozen_time": begin}), param="frozen_time"
    )
    refused(stripe.InvalidRequestError, lambda: service.create({"name": "x"}), code="parameter_missing")
    ready = client.events.list({"type": "test_helpers.test_clock.ready"}).data
    same([one.data.object["id"] for one in ready], [clock.id])
    same(service.delete(clock.id).deleted, True)
    same(client.subscriptions.retrieve(sub.id).status, "canceled")
    refused(stripe.InvalidRequestError, lambda: service.retrieve(clock.id), code="resource_missing", status=404)


def pending(client, price):
    """A change that waits for its payer: shown, given up, and told of."""
    guarded = client.customers.create({"email": "guarded@example.org"})
    card = client.payment_methods.attach("pm_card_visa", {"customer": guarded.id})
    order = {"customer": guarded.id, "items": [{"price": price.id}], "default_payment_method": card.id}
    sub = client.subscriptions.create(order)
    asks = client.payment_methods.attach("pm_card_authenticationRequired", {"customer": guarded.id})
    client.subscriptions.update(sub.id, {"default_payment_method": asks.id})
    change = {
        "items": [{"id": sub["items"].data[0].id, "quantity": 2}],
        "proration_behavior": "always_invoice",
    }
    refuse = {**change, "payment_behavior": "error_if_incomplete"}
    error = refused(stripe.CardError, lambda: client.subscriptions.update(sub.id, refuse), status=402)
    same(error.code, "subscription_payment_intent_requires_action")
    waits = {**change, "payment_behavior": "pending_if_incomplete", "expand": ["latest_invoice"]}
    waiting = client.subscriptions.update(sub.id, waits)
    same((waiting.status, waiting["items"].data[0].quantity), ("active", 1))
    same(waiting.pending_update.subscription_items[0].quantity, 2)
    same(waiting.latest_invoice.status, "open")
    assert waiting.latest_invoice.hosted_invoice_url.startswith("http")
    bad = {**waits, "description": "Hers"}
    refused(stripe.InvalidRequestError, lambda: client.subscriptions.update(sub.id, bad), param="payment_behavior")
    same(client.invoices.void_invoice(waiting.latest_invoice.id).status, "void")
    same(client.subscriptions.retrieve(sub.id).pending_update, None)
    kind = "customer.subscription.pending_update_expired"
    same([one.data.object["id"] for one in client.events.list({"type": kind})], [sub.id])


def schedules(client, rows):
    service = client.subscription_schedules
    for row in rows[2:]:
        service.create({"from_subscription": row.id})
    reads(service, "subscription_schedule", stripe.SubscriptionSchedule, least=MANY - 2)
    one = service.list({"limit": 1}).data[0]
    same((one.status, one.subscription, len(one.phases)), ("active", rows[-1].id, 1))
    same(service.update(one.id, {"metadata": {"seen": "yes"}}).metadata["seen"], "yes")
    refused(
        stripe.InvalidRequestError, lambda: client.subscriptions.update(rows[-1].id, {"cancel_at_period_end": True})
    )
    refused(
        stripe.InvalidRequestError,
        lambda: service.update(one.id, {"phases": [{"items": [{"prise": "x"}]}]}),
        code="parameter_unknown",
        param="phases[0][items][0][prise]",
    )
    same(service.release(one.id).status, "released")
    refused(stripe.InvalidRequestError, lambda: service.release(one.id))


def invoices(client, customer, sub, price):
    reads(client.invoices, "invoice", stripe.Invoice)
    ids = [one.id for one in client.invoices.list({"customer": customer.id, "limit": 100}).auto_paging_iter()]
    invoice = client.invoices.retrieve(ids[-1], {"expand": ["customer", "payments.data.payment.payment_intent"]})
    line = invoice.lines.data[0]
    same((invoice.customer.id, line.pricing.price_details.price), (customer.id, price.id))
    assert line.period.end > line.period.start and invoice.hosted_invoice_url.startswith("http")
    same(invoice.payments.data[0].payment.payment_intent.object, "payment_intent")
    assert client.invoices.list({"subscription": sub.id}).data[0].id.startswith("in_")
    same(client.invoices.list({"status": "paid", "customer": customer.id}).data[0].status, "paid")
    refused(stripe.InvalidRequestError, lambda: client.invoices.pay(ids[-1]), code="invoice_already_paid")
    lines = client.invoices.line_items.list(ids[-1])
    same([one.id for one in lines.auto_paging_iter()], [one.id for one in invoice.lines.data])
    preview = client.invoices.create_preview({
        "customer": customer.id,
        "subscription": sub.id,
        "subscription_details": {"items": [{"id": sub["items"].data[0].id, "quantity": 5}]},
    })
    assert preview.object == "invoice" and preview.lines.data and preview.total > 0
    refused(
        stripe.InvalidRequestError,
        lambda: client.invoices.create_preview({"customer": customer.id, "subscription": "sub_none"}),
        code="resource_missing",
    )


def money(client, customer):
    intents = reads(client.payment_intents, "payment_intent", stripe.PaymentIntent)
    intent = client.payment_intents.retrieve(intents[-1], {"expand": ["latest_charge.balance_transaction"]})
    same((intent.status, intent.latest_charge.paid), ("succeeded", True))
    part = intent.latest_charge.balance_transaction
    same((part.net, part.type), (part.amount - part.fee, "charge"))
    assert "receipt" in intent.latest_charge.receipt_url
    charges = reads(client.charges, "charge", stripe.Charge)
    same(client.charges.retrieve(charges[0]).billing_details.email, "ann@example.org")
    reads(client.invoice_payments, "invoice_payment", stripe.InvoicePayment)
    for charge in charges[:MANY]:
        client.refunds.create({"charge": charge, "amount": 60, "reason": "requested_by_customer"})
    reads(client.refunds, "refund", stripe.Refund)
    refund = client.refunds.list({"charge": charges[0]}).data[0]
    same((refund.amount, refund.status, refund.charge), (60, "succeeded", charges[0]))
    same(client.refunds.update(refund.id, {"metadata": {"seen": "yes"}}).metadata["seen"], "yes")
    refused(stripe.InvalidRequestError, lambda: client.refunds.create({"charge": charges[0], "amount": 9000}), param="amount")
    client.refunds.create({"charge": charges[0]})
    same(client.charges.retrieve(charges[0], {"expand": ["refunds"]}).refunded, True)
    refused(
        stripe.InvalidRequestError, lambda: client.refunds.create({"charge": charges[0]}), code="charge_already_refunded"
    )
    reads(client.balance_transactions, "balance_transaction", stripe.BalanceTransaction)
    assert client.balance.retrieve().pending[0].currency == "eur"
    same(stripe.Balance.retrieve().object, "balance")


def connect(client):
    makes(client.accounts, {"type": "express", "country": "DE"}, {"email": "author@example.org", "metadata": {"seen": "yes"}})
    accounts = reads(client.accounts, "account", stripe.Account)
    link = client.account_links.create({
        "account": accounts[0], "type": "account_onboarding",
        "refresh_url": "http://localhost/again", "return_url": "http://localhost/back",
    })
    same(link.object, "account_link")
    assert client.accounts.retrieve_current().id.startswith("acct_")
    same(stripe.Account.retrieve().id, client.accounts.retrieve_current().id)
    refused(
        stripe.InvalidRequestError,
        lambda: client.transfers.create({"amount": 100, "currency": "eur", "destination": accounts[0]}),
    )
    pages(client.transfers, least=0) if client.transfers.list().data else None
    pages(client.application_fees, least=0) if client.application_fees.list().data else None
    same(client.accounts.delete(accounts[0]).deleted, True)


def sweep(key, base):
    client = peer(key, base)
    keys(client, base)
    customer, price = catalogue(client)
    sessions(client, customer, price)
    subscribing(client, customer, price)
    unpaid(client, price)
    intents(client, customer)
    connect(client)
    events = reads(client.events, "event", stripe.Event)
    event = client.events.retrieve(events[0])
    assert event.data.object.id and event.api_version and event.request is not None
    some = client.events.list({"types": ["customer.created", "product.created"], "limit": 100})
    same({one.type for one in some.auto_paging_iter()}, {"customer.created", "product.created"})
    # After a month Stripe has forgotten the first events.
    clocks(client, price)
    print(json.dumps({"events": len(events)}))


def disputed(key, base):
    client = peer(key, base)
    ids = reads(client.disputes, "dispute", stripe.Dispute, least=1)
    dispute = client.disputes.retrieve(ids[0], {"expand": ["charge", "payment_intent"]})
    same((dispute.status, dispute.charge.disputed), ("needs_response", True))
    said = client.disputes.update(ids[0], {"evidence": {"uncategorized_text": "winning_evidence"}, "submit": True})
    same(said.status, "won")
    refused(stripe.InvalidRequestError, lambda: client.disputes.close(ids[0]), status=400)
    # What is won can be given back; what is lost is gone, and decided once.
    charge = dispute.charge.id
    same(client.refunds.create({"charge": charge, "amount": 10}).status, "succeeded")
    lost = client.payment_intents.create({
        "amount": 500, "currency": "eur", "confirm": True, "payment_method": "pm_card_createDispute",
        "expand": ["latest_charge"],
    }).latest_charge.id
    service = client.test_helpers.test_clocks
    clock = service.create({"frozen_time": 1})
    service.advance(clock.id, {"frozen_time": 60})
    open = client.disputes.list({"charge": lost}).data[0]
    refused(stripe.InvalidRequestError, lambda: client.refunds.create({"charge": lost}), code="charge_disputed")
    same(client.disputes.close(open.id).status, "lost")
    refused(stripe.InvalidRequestError, lambda: client.disputes.close(open.id), status=400)
    refused(stripe.InvalidRequestError, lambda: client.refunds.create({"charge": lost}), code="charge_disputed")
    warnings = reads(client.radar.early_fraud_warnings, "radar.early_fraud_warning", stripe.radar.EarlyFraudWarning, least=1)
    print(json.dumps({"disputes": len(ids), "warnings": len(warnings)}))


def event(secret, header, key):
    body = sys.stdin.read()
    one = stripe.Webhook.construct_event(body, header, secret)
    two = stripe.StripeClient(key).construct_event(body, header, secret)
    same(one.to_dict(), two.to_dict())
    refused_signature = (body.replace("evt_", "evt-"), header), (body, header.replace("v1=", "v1=0"))
    for wrong, signature in refused_signature:
        try:
            stripe.Webhook.construct_event(wrong, signature, secret)
        except stripe.SignatureVerificationError:
            continue
        raise AssertionError("a wrong signature was accepted")
    print(json.dumps({"id": one.id, "type": one.type, "object": one.data.object.id}))


def thin(secret, key):
    body = sys.stdin.read()
    header = stripe.WebhookSignature.generate_signature_header(body, secret)
    notification = stripe.StripeClient(key).parse_event_notification(body, header, secret)
    print(json.dumps({"id": notification.id, "type": notification.type, "header": header}))


if __name__ == "__main__":
    acts = {"sweep": sweep, "disputed": disputed, "event": event, "thin": thin}
    acts[sys.argv[1]](*sys.argv[2:])
