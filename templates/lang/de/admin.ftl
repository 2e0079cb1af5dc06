admin-overview = Überblick
admin-events = Stripes Ereignisse
admin-mail = E-Mail
admin-people = Menschen
admin-articles = Artikel
admin-waiting-events = Wartende Ereignisse
admin-waiting-mails = Wartende E-Mails
admin-no-key = Es gibt keinen Stripe-Schlüssel, also kann niemand Unterstützer werden. Setzen Sie stripe.secret_key.
admin-no-secret = Es gibt kein Webhook-Geheimnis, also werden Stripes Ereignisse abgewiesen. Setzen Sie stripe.webhook_secrets.
admin-stuck = { $count ->
    [one] Ein Ereignis braucht Aufmerksamkeit.
   *[other] { $count } Ereignisse brauchen Aufmerksamkeit.
}
admin-dead = { $count ->
    [one] Eine E-Mail konnte nicht zugestellt werden.
   *[other] { $count } E-Mails konnten nicht zugestellt werden.
}
admin-flagged = { $count ->
    [one] Eine Mitgliedschaft ist markiert: Jemand zahlt demselben Autor doppelt.
   *[other] { $count } Mitgliedschaften sind markiert: Jemand zahlt demselben Autor doppelt.
}
admin-kind = Art
admin-state = Zustand
admin-attempts = Versuche
admin-at = Um
admin-error = Grund
admin-id = Kennung
admin-object = Über
admin-to = An
admin-body = Wie es kam
admin-retry = Noch einmal versuchen
admin-state-waiting = wartet
admin-state-done = erledigt
admin-state-ignored = übergangen
admin-state-parked = geparkt
admin-state-failed = gescheitert
admin-state-sent = gesendet
admin-state-dead = unzustellbar
admin-events-empty = Hier sehen Sie, was Stripe dem Dienst gesagt hat.
admin-mail-empty = Hier sehen Sie, welche E-Mails geschrieben wurden.
admin-mail-private = Der Text ist nur für den Empfänger, denn er kann einen Link in ein Konto enthalten.
admin-name = Name
admin-email = E-Mail
admin-role = Rolle
admin-role-of = Rolle von { $name }
admin-role-reader = Leser
admin-role-author = Autor
admin-role-owner = Herausgeber
admin-since = Seit
admin-change = Ändern
admin-unclaimed = nicht beansprucht
flash-event-retried = Das Ereignis wird noch einmal versucht.
flash-event-not-retried = Es gab nichts noch einmal zu versuchen.
flash-mail-retried = Die E-Mail wird noch einmal gesendet.
flash-mail-not-retried = Es gab nichts noch einmal zu senden.
flash-role-own = Ihre eigene Rolle bleibt, damit die Publikation einen Herausgeber behält.
flash-role-without-page = Ein Autor braucht eine Seite. Legen Sie sie mit „plaudit account add“ an.
flash-role-changed = Geändert.
