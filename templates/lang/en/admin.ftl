admin-overview = Overview
admin-events = Stripe’s events
admin-mail = Mail
admin-people = People
admin-articles = Articles
admin-waiting-events = Events waiting
admin-waiting-mails = Mails waiting
admin-kind = Kind
admin-state = State
admin-attempts = Failed tries
admin-at = Received
admin-tries = { $count ->
    [one] one failed try
   *[other] { $count } failed tries
}
admin-written = Written
admin-error = Reason
admin-id = Id
admin-object = About
admin-to = To
admin-body = As it came
admin-retry = Try again
admin-state-waiting = waiting
admin-state-done = done
admin-state-ignored = ignored
admin-state-parked = parked
admin-state-failed = failed
admin-state-sent = sent
admin-state-dead = dead
admin-state-suppressed = held back
admin-means-mail-dead = It could not be delivered. Try again once the reason has gone.
admin-means-mail-suppressed = It was not sent, because this address is not written to. Nothing is lost: write to the address again, then try the mail again.
admin-means-mail-discarded = Somebody set it aside. It can still be tried again.
admin-mail-stopped = The mail server refuses us, so no mail is sent since
admin-mail-stopped-way = See what it says
admin-mail-stop = No mail is sent at the moment
admin-mail-stop-words = The mail server refuses the publication itself. Nothing is lost: all mail waits, and goes by itself once the server lets us in again. It said:
admin-mail-stop-next = It is asked again
admin-mail-stop-button = Ask the mail server now
admin-addresses = Addresses not written to
admin-addresses-words = An address stands here when its mailbox is gone or its reader does not wish our mail. It stays even if the account is deleted. We keep only what is needed to know it again.
admin-addresses-all = All mail
admin-addresses-notices = Notices of articles
admin-addresses-empty = Here you will see the addresses that are not written to. There are none.
admin-addresses-none = The address “{ $address }” is written to as any other.
admin-addresses-search = Find an address
admin-addresses-search-button = Find
admin-addresses-what = What is held back
admin-addresses-lift = Write to it again
admin-suppressed-hard-bounce = There is no such mailbox.
admin-suppressed-soft-bounces = The mailbox took no mail for too long.
admin-suppressed-complaint = Reported as unwanted.
admin-suppressed-unsubscribed = Unsubscribed.
admin-suppressed-owner = Set by the owner.
flash-mail-discarded = The mail is set aside. You can still try it again.
flash-mail-not-discarded = There was nothing to set aside.
flash-mail-asked = The mail server is being asked. If it lets us in, the mail goes at once.
flash-mail-goes = Mail is being sent; there was nothing to start.
flash-address-lifted = This address is written to again. What was held back can be tried again under Mail.
flash-address-not-lifted = This address is written to already.
admin-events-empty = Here you will see what Stripe has told the service.
admin-mail-empty = Here you will see the mail that was written.
admin-mail-private = The text is for its reader alone, since it may hold a link into an account.
admin-name = Name
admin-email = E-mail
admin-role = Role
admin-role-of = Role of { $name }
admin-role-reader = Reader
admin-role-author = Author
admin-role-owner = Owner
admin-since = Since
admin-change = Change
admin-unclaimed = unclaimed
admin-warnings = What should not wait
admin-no-key = There is no Stripe key, so nobody can become a patron. Put it under stripe.secret_key.
admin-no-key-way = Find it at Stripe
admin-no-secret = There is no webhook secret, so Stripe’s events are turned away. Put it under stripe.webhook_secrets.
admin-no-secret-way = Find it at Stripe
admin-skew = { $count ->
    [one] This machine’s clock and Stripe’s are one second apart; from five minutes on, events are refused.
   *[other] This machine’s clock and Stripe’s are { $count } seconds apart; from five minutes on, events are refused.
}
admin-skew-way = Set the clock by the network (NTP); “plaudit check” says when it is right.
admin-silent = There are patrons, yet Stripe has never told us anything.
admin-silent-since = There are patrons, yet Stripe has told us nothing since
admin-silent-way = See what Stripe tried to send
admin-stuck = { $count ->
    [one] One event needs attention.
   *[other] { $count } events need attention.
}
admin-stuck-way = { $count ->
    [one] Look at it
   *[other] Look at them
}
admin-flagged = { $count ->
    [one] One membership needs attention.
   *[other] { $count } memberships need attention.
}
admin-flagged-way = See why
admin-dead = { $count ->
    [one] One mail could not be delivered.
   *[other] { $count } mails could not be delivered.
}
admin-dead-way = See which
admin-filter = Which events
admin-tab-all = All
admin-tab-attention = Need attention
admin-tab-waiting = Waiting
admin-tab-done = Done
admin-tab-ignored = Ignored
admin-tab-empty = There are no events here now.
admin-search = Find an event
admin-search-hint = By the whole id of the event (evt_…) or of what it is about (sub_…, in_…, cs_…).
admin-search-button = Find
admin-events-none = There is no event with the id “{ $id }”, and none about it.
admin-all-stuck = All that need attention
admin-others = All others
admin-newer = Newer
admin-older = Older
admin-group-parked = Not understood
admin-group-parked-why = Stripe said something here that this version of Plaudit cannot read, so nothing was changed. Often an update helps; then try again. What does not concern you can be discarded.
admin-group-failed = Given up
admin-group-failed-why = These were tried for three days without success, mostly because Stripe did not answer. Try again once the reason has gone.
admin-event = What happened
admin-created = Happened
admin-next = Next try
admin-mode = Mode
admin-mode-live = real money
admin-mode-test = test
admin-means-waiting = It will be handled shortly, or again after a failure.
admin-means-done = It has been handled; there is nothing left to do.
admin-means-ignored = It does not concern this publication, so nothing was changed.
admin-means-parked = Nothing was changed, because it was not understood.
admin-means-failed = It was tried for three days without success.
admin-means-discarded = Somebody set it aside. It can still be tried again.
admin-state-discarded = discarded
admin-discard = Discard
admin-history = What was done
admin-act-retry = Tried again by { $name }
admin-act-discard = Discarded by { $name }
admin-act-other = Changed by { $name }
admin-command-line = the command line
admin-memberships = Memberships
admin-memberships-words = Here stand the memberships that a person should look at.
admin-memberships-empty = No membership needs attention. One that is paid twice, disputed or paused at Stripe will stand here.
admin-reader = Reader
admin-author = Author
admin-tier = Tier
admin-amount = Amount
admin-why = Why
admin-its-events = Its events
admin-at-stripe = At Stripe
admin-flag-duplicate = The same reader pays the same author twice. Cancel this one, the later, and give the money back.
admin-flag-disputed = The reader’s bank disputes a payment. Answer at Stripe before the date it names.
admin-flag-collection-paused = Its collection is paused at Stripe, so nothing is charged. Resume it there if that was not meant.
admin-flag-other = Something about it was not expected. Compare it with what Stripe shows.
admin-kind-checkout-session-completed = Checkout completed
admin-kind-checkout-session-async-payment-succeeded = A slow payment has arrived
admin-kind-checkout-session-async-payment-failed = A slow payment did not arrive
admin-kind-checkout-session-expired = Checkout left unfinished
admin-kind-customer-subscription-created = Membership begun
admin-kind-customer-subscription-updated = Membership changed
admin-kind-customer-subscription-deleted = Membership ended
admin-kind-customer-subscription-paused = Membership paused
admin-kind-customer-subscription-resumed = Membership resumed
admin-kind-customer-subscription-trial-will-end = Trial about to end
admin-kind-customer-updated = Payer’s details changed
admin-kind-customer-deleted = Payer removed
admin-kind-invoice-upcoming = Payment due soon
admin-kind-invoice-finalized = Invoice made out
admin-kind-invoice-paid = Payment received
admin-kind-invoice-payment-failed = Payment failed
admin-kind-invoice-payment-action-required = Payment to be confirmed with the bank
admin-kind-invoice-voided = Invoice cancelled
admin-kind-invoice-marked-uncollectible = Invoice given up
admin-kind-charge-refunded = Money given back
admin-kind-refund-created = Refund begun
admin-kind-refund-updated = Refund changed
admin-kind-refund-failed = Refund failed
admin-kind-charge-dispute-created = Payment disputed
admin-kind-charge-dispute-updated = Dispute changed
admin-kind-charge-dispute-closed = Dispute closed
admin-kind-radar-early-fraud-warning-created = Warning of fraud
admin-kind-charge-refund-updated = Refund changed
admin-kind-charge-dispute-funds-withdrawn = Money taken back for a dispute
admin-kind-charge-dispute-funds-reinstated = Money returned after a dispute
admin-kind-account-updated = Author’s account at Stripe changed
admin-kind-account-application-deauthorized = Author’s account at Stripe unlinked
admin-kind-payment-intent-succeeded = Payment went through
admin-kind-payment-intent-created = Payment prepared
admin-kind-payment-intent-payment-failed = Card refused
admin-kind-payment-method-attached = Card kept
admin-kind-charge-succeeded = Card charged
admin-kind-charge-failed = Card not charged
admin-kind-customer-created = Payer added
admin-kind-invoice-created = Invoice drafted
admin-kind-invoice-updated = Invoice changed
admin-kind-invoice-payment-succeeded = Payment received
admin-kind-invoice-payment-paid = Payment received
admin-kind-other = Something else at Stripe
flash-event-retried = The event is tried again.
flash-event-not-retried = There was nothing to try again.
flash-mail-retried = The mail is sent again.
flash-mail-not-retried = There was nothing to send again.
flash-role-own = Your own role stays, so that the publication keeps an owner.
flash-role-without-page = An author needs a page. Make it with “plaudit account add”.
flash-role-changed = Changed.
flash-event-discarded = The event is set aside. You can still try it again.
flash-event-not-discarded = There was nothing to discard.
admin-reconcile = Compare with Stripe
admin-reconcile-words = Every membership and payment here is held against Stripe’s own records, each night by itself and whenever you ask. Mending looks each thing up anew; a look-up that fails takes nothing from anybody.
admin-reconcile-running = Comparing: { $count } so far.
admin-reconcile-look-again = Look again
admin-reconcile-broke-off = It broke off and goes on by itself:
admin-reconcile-compare = Compare now
admin-reconcile-mend = Compare and mend
admin-reconcile-last = The last comparison,
admin-reconcile-compared = { $count ->
    [one] One record was compared.
   *[other] { $count } records were compared.
}
admin-reconcile-equal = Everything is the same here and there.
admin-reconcile-left = { $count ->
    [0] All differences are mended.
    [one] One difference is left.
   *[other] { $count } differences are left.
}
admin-reconcile-found = Found
admin-reconcile-mended = Mended
admin-reconcile-rows = One by one
admin-reconcile-here = Here
admin-reconcile-there = At Stripe
admin-reconcile-open = open
admin-reconcile-for-a-person = for a person to decide
admin-reconcile-more = { $count ->
    [one] And one more: “plaudit reconcile” lists all.
   *[other] And { $count } more: “plaudit reconcile” lists all.
}
admin-reconcile-empty = Nothing has been compared yet.
admin-difference-undelivered_event = Event that never arrived
admin-difference-missing_here = Missing here
admin-difference-missing_there = Missing at Stripe
admin-difference-state_differs = State differs
admin-difference-two_in_force = Two in force
admin-difference-unknown_price = Unknown price
admin-difference-orphan_customer = Customer of nobody
admin-difference-payment_without_receipt = Payment without a receipt
admin-difference-ledger_differs = Ledger differs
flash-reconcile-begun = The comparison has begun.
admin-mend-duplicate = End it and give the money back
admin-share-of = Share of { $name } in per cent
admin-share = Share
flash-duplicate-mended = It is ended, and the money is on its way back.
flash-duplicate-gone = It is no duplicate any more.
flash-share-changed = The share is changed, for payments from now on.
flash-share-out-of-range = A share lies between 0 and 100 per cent, with two decimals at most.
admin-comments = Comments
admin-waiting-comments = Comments that wait
admin-comment-rules = These rules hold under every article, beside what each author has chosen. The stricter counts.
