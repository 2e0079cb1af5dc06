admin-overview = Overview
admin-events = Stripe’s events
admin-mail = Mail
admin-people = People
admin-articles = Articles
admin-waiting-events = Events waiting
admin-waiting-mails = Mails waiting
admin-no-key = There is no Stripe key, so nobody can become a patron. Set stripe.secret_key.
admin-no-secret = There is no webhook secret, so Stripe’s events are turned away. Set stripe.webhook_secrets.
admin-stuck = { $count ->
    [one] One event needs attention.
   *[other] { $count } events need attention.
}
admin-dead = { $count ->
    [one] One mail could not be delivered.
   *[other] { $count } mails could not be delivered.
}
admin-flagged = { $count ->
    [one] One membership is flagged: the same reader pays the same author twice.
   *[other] { $count } memberships are flagged: the same reader pays the same author twice.
}
admin-kind = Kind
admin-state = State
admin-attempts = Attempts
admin-at = At
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
flash-event-retried = The event is tried again.
flash-event-not-retried = There was nothing to try again.
flash-mail-retried = The mail is sent again.
flash-mail-not-retried = There was nothing to send again.
flash-role-own = Your own role stays, so that the publication keeps an owner.
flash-role-without-page = An author needs a page. Make it with “plaudit account add”.
flash-role-changed = Changed.
