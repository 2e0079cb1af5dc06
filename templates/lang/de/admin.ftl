admin-overview = Überblick
admin-events = Stripes Ereignisse
admin-mail = E-Mail
admin-people = Menschen
admin-articles = Artikel
admin-waiting-events = Wartende Ereignisse
admin-waiting-mails = Wartende E-Mails
admin-kind = Art
admin-state = Zustand
admin-attempts = Fehlversuche
admin-at = Eingegangen
admin-tries = { $count ->
    [one] ein Fehlversuch
   *[other] { $count } Fehlversuche
}
admin-written = Geschrieben
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
admin-state-suppressed = zurückgehalten
admin-means-mail-dead = Sie ließ sich nicht zustellen. Versuchen Sie es wieder, wenn der Grund behoben ist.
admin-means-mail-suppressed = Sie wurde nicht verschickt, weil an diese Adresse nicht geschrieben wird. Verloren ist nichts: Geben Sie die Adresse frei und versuchen Sie es noch einmal.
admin-means-mail-discarded = Jemand hat sie beiseitegelegt. Ein neuer Versuch ist weiter möglich.
admin-mail-stopped = Der Mailserver weist uns ab, deshalb geht keine Post hinaus seit
admin-mail-stopped-way = Nachsehen, was er sagt
admin-mail-stop = Zurzeit geht keine Post hinaus
admin-mail-stop-words = Der Mailserver weist die Publikation selbst ab. Verloren ist nichts: Alle Post wartet und geht von allein weiter, sobald er uns wieder einlässt. Er sagt:
admin-mail-stop-next = Wieder gefragt wird er
admin-mail-stop-button = Mailserver jetzt fragen
admin-addresses = Adressen, an die nicht geschrieben wird
admin-addresses-words = Hier steht eine Adresse, deren Postfach es nicht mehr gibt oder deren Besitzer unsere Post nicht wünscht. Sie bleibt, auch wenn das Konto gelöscht wird. Wir bewahren nur auf, was nötig ist, um sie wiederzuerkennen.
admin-addresses-all = Alle Post
admin-addresses-notices = Nachrichten über Artikel
admin-addresses-empty = Hier sehen Sie die Adressen, an die nicht geschrieben wird. Es gibt keine.
admin-addresses-none = An die Adresse „{ $address }“ wird geschrieben wie an jede andere.
admin-addresses-search = Adresse suchen
admin-addresses-search-button = Suchen
admin-addresses-what = Was zurückgehalten wird
admin-addresses-lift = Wieder anschreiben
admin-suppressed-hard-bounce = Dieses Postfach gibt es nicht.
admin-suppressed-soft-bounces = Das Postfach nahm zu lange keine Post an.
admin-suppressed-complaint = Als unerwünscht gemeldet.
admin-suppressed-unsubscribed = Abbestellt.
admin-suppressed-owner = Vom Betreiber eingetragen.
flash-mail-discarded = Die Mail ist beiseitegelegt. Ein neuer Versuch ist weiter möglich.
flash-mail-not-discarded = Es gab nichts beiseitezulegen.
flash-mail-asked = Der Mailserver wird gefragt. Lässt er uns ein, geht die Post sofort.
flash-mail-goes = Die Post geht hinaus; es gab nichts zu tun.
flash-address-lifted = An diese Adresse wird wieder geschrieben. Was zurückgehalten wurde, lässt sich unter „Mail“ noch einmal versuchen.
flash-address-not-lifted = An diese Adresse wird bereits geschrieben.
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
admin-warnings = Was nicht warten sollte
admin-no-key = Es gibt keinen Stripe-Schlüssel, also kann niemand Unterstützer werden. Tragen Sie ihn unter stripe.secret_key ein.
admin-no-key-way = Bei Stripe nachsehen
admin-no-secret = Es gibt kein Webhook-Geheimnis, also werden Stripes Ereignisse abgewiesen. Tragen Sie es unter stripe.webhook_secrets ein.
admin-no-secret-way = Bei Stripe nachsehen
admin-skew = { $count ->
    [one] Die Uhr dieses Rechners und die von Stripe liegen eine Sekunde auseinander; ab fünf Minuten werden Ereignisse abgewiesen.
   *[other] Die Uhr dieses Rechners und die von Stripe liegen { $count } Sekunden auseinander; ab fünf Minuten werden Ereignisse abgewiesen.
}
admin-skew-way = Stellen Sie die Uhr nach dem Netz (NTP); „plaudit check“ sagt, wann sie stimmt.
admin-silent = Es gibt Unterstützer, doch Stripe hat uns noch nie etwas gesagt.
admin-silent-since = Es gibt Unterstützer, doch Stripe hat uns nichts mehr gesagt seit
admin-silent-way = Ansehen, was Stripe senden wollte
admin-stuck = { $count ->
    [one] Ein Ereignis braucht Aufmerksamkeit.
   *[other] { $count } Ereignisse brauchen Aufmerksamkeit.
}
admin-stuck-way = Ansehen
admin-flagged = { $count ->
    [one] Eine Mitgliedschaft braucht Aufmerksamkeit.
   *[other] { $count } Mitgliedschaften brauchen Aufmerksamkeit.
}
admin-flagged-way = Nachsehen, warum
admin-dead = { $count ->
    [one] Eine E-Mail konnte nicht zugestellt werden.
   *[other] { $count } E-Mails konnten nicht zugestellt werden.
}
admin-dead-way = Nachsehen, welche
admin-filter = Welche Ereignisse
admin-tab-all = Alle
admin-tab-attention = Brauchen Aufmerksamkeit
admin-tab-waiting = Warten
admin-tab-done = Erledigt
admin-tab-ignored = Übergangen
admin-tab-empty = Hier gibt es zurzeit keine Ereignisse.
admin-search = Ein Ereignis finden
admin-search-hint = Nach der ganzen Kennung des Ereignisses (evt_…) oder dessen, worum es geht (sub_…, in_…, cs_…).
admin-search-button = Finden
admin-events-none = Es gibt kein Ereignis mit der Kennung „{ $id }“ und keines darüber.
admin-all-stuck = Alle, die Aufmerksamkeit brauchen
admin-others = Alle anderen
admin-newer = Neuere
admin-older = Ältere
admin-group-parked = Nicht verstanden
admin-group-parked-why = Stripe hat hier etwas gesagt, das diese Version von Plaudit nicht lesen kann; also wurde nichts geändert. Oft hilft eine neuere Version; versuchen Sie es dann noch einmal. Was Sie nicht betrifft, können Sie verwerfen.
admin-group-failed = Aufgegeben
admin-group-failed-why = Diese wurden drei Tage lang ohne Erfolg versucht, meist weil Stripe nicht geantwortet hat. Versuchen Sie es noch einmal, sobald der Grund behoben ist.
admin-event = Was geschah
admin-created = Geschehen
admin-next = Nächster Versuch
admin-mode = Betrieb
admin-mode-live = echtes Geld
admin-mode-test = Test
admin-means-waiting = Es wird gleich bearbeitet, oder nach einem Fehler noch einmal.
admin-means-done = Es ist bearbeitet; es bleibt nichts zu tun.
admin-means-ignored = Es betrifft diese Publikation nicht, also wurde nichts geändert.
admin-means-parked = Es wurde nichts geändert, denn es wurde nicht verstanden.
admin-means-failed = Es wurde drei Tage lang ohne Erfolg versucht.
admin-means-discarded = Jemand hat es verworfen. Sie können es noch einmal versuchen.
admin-state-discarded = verworfen
admin-discard = Verwerfen
admin-history = Was getan wurde
admin-act-retry = Noch einmal versucht von { $name }
admin-act-discard = Verworfen von { $name }
admin-act-other = Geändert von { $name }
admin-command-line = der Befehlszeile
admin-memberships = Mitgliedschaften
admin-memberships-words = Hier stehen die Mitgliedschaften, die sich jemand ansehen sollte.
admin-memberships-empty = Keine Mitgliedschaft braucht Aufmerksamkeit. Hier wird stehen, was doppelt bezahlt, angefochten oder bei Stripe angehalten ist.
admin-reader = Leser
admin-author = Autor
admin-tier = Stufe
admin-amount = Betrag
admin-why = Warum
admin-its-events = Ihre Ereignisse
admin-at-stripe = Bei Stripe
admin-flag-duplicate = Jemand zahlt demselben Autor doppelt. Beenden Sie diese, die spätere, und erstatten Sie das Geld.
admin-flag-disputed = Die Bank des Lesers ficht eine Zahlung an. Antworten Sie bei Stripe bis zu dem Tag, der dort steht.
admin-flag-collection-paused = Der Einzug ist bei Stripe angehalten, also wird nichts abgebucht. Nehmen Sie ihn dort wieder auf, falls das nicht gewollt war.
admin-flag-other = Etwas daran war nicht zu erwarten. Vergleichen Sie es mit dem, was Stripe zeigt.
admin-kind-checkout-session-completed = Bezahlvorgang abgeschlossen
admin-kind-checkout-session-async-payment-succeeded = Eine langsame Zahlung ist eingegangen
admin-kind-checkout-session-async-payment-failed = Eine langsame Zahlung ist ausgeblieben
admin-kind-checkout-session-expired = Bezahlvorgang nicht beendet
admin-kind-customer-subscription-created = Mitgliedschaft begonnen
admin-kind-customer-subscription-updated = Mitgliedschaft geändert
admin-kind-customer-subscription-deleted = Mitgliedschaft beendet
admin-kind-customer-subscription-paused = Mitgliedschaft pausiert
admin-kind-customer-subscription-resumed = Mitgliedschaft fortgesetzt
admin-kind-customer-subscription-trial-will-end = Probezeit geht zu Ende
admin-kind-customer-updated = Angaben des Zahlenden geändert
admin-kind-customer-deleted = Zahlender entfernt
admin-kind-invoice-upcoming = Zahlung bald fällig
admin-kind-invoice-finalized = Rechnung ausgestellt
admin-kind-invoice-paid = Zahlung eingegangen
admin-kind-invoice-payment-failed = Zahlung gescheitert
admin-kind-invoice-payment-action-required = Zahlung bei der Bank zu bestätigen
admin-kind-invoice-voided = Rechnung storniert
admin-kind-invoice-marked-uncollectible = Rechnung aufgegeben
admin-kind-charge-refunded = Geld erstattet
admin-kind-refund-created = Erstattung begonnen
admin-kind-refund-updated = Erstattung geändert
admin-kind-refund-failed = Erstattung gescheitert
admin-kind-charge-dispute-created = Zahlung angefochten
admin-kind-charge-dispute-updated = Anfechtung geändert
admin-kind-charge-dispute-closed = Anfechtung abgeschlossen
admin-kind-radar-early-fraud-warning-created = Warnung vor Betrug
admin-kind-charge-refund-updated = Erstattung geändert
admin-kind-charge-dispute-funds-withdrawn = Geld wegen einer Anfechtung eingezogen
admin-kind-charge-dispute-funds-reinstated = Geld nach einer Anfechtung zurück
admin-kind-account-updated = Stripe-Konto eines Autors geändert
admin-kind-account-application-deauthorized = Stripe-Konto eines Autors getrennt
admin-kind-payment-intent-succeeded = Zahlung gelungen
admin-kind-payment-intent-created = Zahlung vorbereitet
admin-kind-payment-intent-payment-failed = Karte abgelehnt
admin-kind-payment-method-attached = Karte aufbewahrt
admin-kind-charge-succeeded = Karte belastet
admin-kind-charge-failed = Karte nicht belastet
admin-kind-customer-created = Zahlender hinzugefügt
admin-kind-invoice-created = Rechnung entworfen
admin-kind-invoice-updated = Rechnung geändert
admin-kind-invoice-payment-succeeded = Zahlung eingegangen
admin-kind-invoice-payment-paid = Zahlung eingegangen
admin-kind-other = Etwas anderes bei Stripe
flash-event-retried = Das Ereignis wird noch einmal versucht.
flash-event-not-retried = Es gab nichts noch einmal zu versuchen.
flash-mail-retried = Die E-Mail wird noch einmal gesendet.
flash-mail-not-retried = Es gab nichts noch einmal zu senden.
flash-role-own = Ihre eigene Rolle bleibt, damit die Publikation einen Herausgeber behält.
flash-role-without-page = Ein Autor braucht eine Seite. Legen Sie sie mit „plaudit account add“ an.
flash-role-changed = Geändert.
flash-event-discarded = Das Ereignis ist verworfen. Sie können es noch einmal versuchen.
flash-event-not-discarded = Es gab nichts zu verwerfen.
admin-reconcile = Mit Stripe abgleichen
admin-reconcile-words = Jede Mitgliedschaft und jede Zahlung hier wird mit Stripes eigenen Unterlagen verglichen, jede Nacht von selbst und wann immer Sie möchten. Beim Beheben wird alles neu nachgesehen; was sich nicht nachsehen lässt, nimmt niemandem etwas.
admin-reconcile-running = Der Abgleich läuft: { $count } bisher.
admin-reconcile-look-again = Noch einmal nachsehen
admin-reconcile-broke-off = Er wurde unterbrochen und geht von selbst weiter:
admin-reconcile-compare = Jetzt abgleichen
admin-reconcile-mend = Abgleichen und beheben
admin-reconcile-last = Der letzte Abgleich,
admin-reconcile-compared = { $count ->
    [one] Ein Eintrag wurde verglichen.
   *[other] { $count } Einträge wurden verglichen.
}
admin-reconcile-equal = Hier und dort steht dasselbe.
admin-reconcile-left = { $count ->
    [0] Alle Unterschiede sind behoben.
    [one] Ein Unterschied bleibt.
   *[other] { $count } Unterschiede bleiben.
}
admin-reconcile-found = Gefunden
admin-reconcile-mended = Behoben
admin-reconcile-rows = Im Einzelnen
admin-reconcile-here = Hier
admin-reconcile-there = Bei Stripe
admin-reconcile-open = offen
admin-reconcile-for-a-person = muss jemand entscheiden
admin-reconcile-more = { $count ->
    [one] Und einer mehr: „plaudit reconcile“ zeigt alle.
   *[other] Und { $count } mehr: „plaudit reconcile“ zeigt alle.
}
admin-reconcile-empty = Noch wurde nichts abgeglichen.
admin-difference-undelivered_event = Nie angekommenes Ereignis
admin-difference-missing_here = Fehlt hier
admin-difference-missing_there = Fehlt bei Stripe
admin-difference-state_differs = Anderer Stand
admin-difference-two_in_force = Zwei zugleich
admin-difference-unknown_price = Unbekannter Preis
admin-difference-orphan_customer = Kunde ohne Konto
admin-difference-payment_without_receipt = Zahlung ohne Beleg
admin-difference-ledger_differs = Abweichende Buchung
flash-reconcile-begun = Der Abgleich hat begonnen.
admin-mend-duplicate = Beenden und das Geld erstatten
admin-share-of = Anteil von { $name } in Prozent
admin-share = Anteil
flash-duplicate-mended = Sie ist beendet, und das Geld ist auf dem Weg zurück.
flash-duplicate-gone = Sie ist nicht mehr doppelt.
flash-share-changed = Der Anteil ist geändert, für Zahlungen von jetzt an.
flash-share-out-of-range = Ein Anteil liegt zwischen 0 und 100 Prozent, mit höchstens zwei Nachkommastellen.
admin-comments = Kommentare
admin-waiting-comments = Wartende Kommentare
admin-comment-rules = Diese Regeln gelten unter jedem Artikel, neben dem, was die Schreibenden jeweils gewählt haben. Es zählt die strengere.
