payouts-state-none = Die Publikation zahlt Sie nach Ihrer Abrechnung aus.
payouts-state-loose = Ihr Stripe-Konto ist nicht mehr verknüpft. Die Publikation zahlt Sie wieder nach Ihrer Abrechnung aus.
payouts-loose-words = Die Verknüpfung wurde bei Stripe aufgehoben. Es ist nichts verloren: Was auf Ihr Konto gegangen war, ist dort, und was jetzt kommt, steht in Ihrer Abrechnung. Sie können es oder ein anderes wieder verknüpfen. Bemerkt am
payouts-none-words = Was Ihre Leserinnen und Leser geben, geht auf das Konto der Publikation. Ihr Teil steht in der Abrechnung jedes Monats, und die Publikation überweist ihn Ihnen.
payouts-link-words = Mit einem eigenen Konto bei Stripe geht Ihr Teil jeder Zahlung sofort an Sie, und Stripe zahlt ihn auf Ihr Bankkonto aus. Stripe fragt, wer Sie sind, und nach Ihrer Bankverbindung; hier wird nichts davon gespeichert.
payouts-link = Ein Stripe-Konto verknüpfen
payouts-no-stripe = Zahlungen sind noch nicht eingerichtet. Sie können ein Konto verknüpfen, sobald die Publikation ihren Stripe-Schlüssel hat.
payouts-state-begun = Ihr Stripe-Konto wird eingerichtet. Bis es bereit ist, werden Sie nach Ihrer Abrechnung bezahlt.
payouts-state-restricted = Stripe kann zurzeit kein Geld an Ihr Konto senden. Es geht nichts verloren: Bis dahin werden Sie nach Ihrer Abrechnung bezahlt.
payouts-state-ready = Ihr Teil jeder Zahlung geht sofort an Ihr eigenes Stripe-Konto.
payouts-due = Stripe fragt noch nach:
payouts-due-who = Angaben zu Ihrer Person
payouts-due-what = Angaben zu Ihrer Tätigkeit
payouts-due-bank = Ihrer Bankverbindung
payouts-due-terms = Ihrer Zustimmung zu den Bedingungen
payouts-due-other = einigen weiteren Angaben
payouts-reason-past_due = Etwas, wonach Stripe gefragt hat, fehlt noch.
payouts-reason-pending = Stripe prüft, was Sie geschickt haben. Sie müssen nichts tun.
payouts-reason-rejected = Stripe hat dieses Konto geschlossen. Schreiben Sie an Stripe, oder lösen Sie die Verknüpfung und bleiben Sie bei Ihrer Abrechnung.
payouts-reason-other = Stripe hält dieses Konto zurück. Warum, steht in Ihrer Stripe-Übersicht.
payouts-transfers = Ihr Teil der Zahlungen
payouts-payouts = Auszahlung auf Ihr Bankkonto
payouts-charges = Zahlungen im eigenen Namen
payouts-on = an
payouts-off = noch nicht
payouts-held = zurückgehalten
payouts-unneeded = aus, und hier nicht nötig
payouts-since = Verknüpft
payouts-go-on = Bei Stripe fortfahren
payouts-dashboard = Meine Stripe-Übersicht öffnen
payouts-running = Laufende Mitgliedschaften
payouts-all-words = Das gilt für Mitgliedschaften, Geschenke und Einzelgaben gleichermaßen. Die Gebühren von Stripe trägt dabei die Publikation. Ihr Anteil an jeder Zahlung wird auf den nächsten Cent gerundet, ein halber Cent zu Ihren Gunsten; was Stripe auf dem Weg zu Ihnen anders rundet, ist Sache der Publikation. Was zurückgegeben wird oder durch einen Widerspruch verloren geht, wird von Ihrem Konto zurückgeholt; was Stripe dort nicht holen kann, steht in Ihrer Abrechnung.
payouts-running-none = Zurzeit läuft keine.
payouts-running-waiting = { $count ->
    [one] Eine läuft, und Stripe muss noch erfahren, wohin ihr Geld geht. Das dauert Minuten.
   *[other] { $count } laufen, und von { $waiting } muss Stripe noch erfahren, wohin ihr Geld geht. Das dauert Minuten.
}
payouts-running-direct = { $count ->
    [one] Eine läuft und zahlt ab der nächsten Verlängerung direkt an Sie.
   *[other] { $count } laufen, und alle zahlen ab ihrer nächsten Verlängerung direkt an Sie.
}
payouts-running-statement = { $count ->
    [one] Eine läuft und zahlt ab der nächsten Verlängerung in Ihre Abrechnung.
   *[other] { $count } laufen, und alle zahlen ab ihrer nächsten Verlängerung in Ihre Abrechnung.
}
payouts-running-refused = { $count ->
    [one] Eine ließ sich bei Stripe nicht umstellen und läuft weiter wie bisher; es wird jede Nacht wieder versucht.
   *[other] { $count } ließen sich bei Stripe nicht umstellen und laufen weiter wie bisher; es wird jede Nacht wieder versucht.
}
payouts-running-words = Sie ziehen von selbst nach, wenn Ihr Konto verknüpft, zurückgehalten oder gelöst wird. Ihre Leserinnen und Leser merken nichts davon. Was schon bezahlt ist, bleibt, wo es ist.
payouts-unlink-title = Verknüpfung lösen
payouts-unlink-words = Ab der nächsten Zahlung werden Sie wieder nach Ihrer Abrechnung bezahlt, auch für laufende Mitgliedschaften. Ihr Konto bei Stripe bleibt Ihres mit allem, was darauf ist, und Sie können es wieder verknüpfen.
payouts-unlink = Mein Stripe-Konto lösen
flash-payouts-unlinked = Verknüpfung gelöst. Sie werden wieder nach Ihrer Abrechnung bezahlt.
flash-payouts-gone = Das verknüpfte Konto gibt es bei Stripe nicht mehr. Es ist nichts verloren: Hier können Sie ein neues verknüpfen.
