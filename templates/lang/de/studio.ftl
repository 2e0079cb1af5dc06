studio-patrons = Unterstützer
studio-new = Neu
studio-lost = Verloren
studio-new-and-lost = { $new } neu, { $lost } gegangen
studio-recurring = Regelmäßig im Monat
studio-patrons-definition = Menschen, deren Unterstützung jetzt gilt: durch eine Mitgliedschaft, auch in der Nachfrist, durch ein Geschenk oder durch eine Einzelgabe, die noch zählt.
studio-recurring-definition = Was die geltenden Mitgliedschaften in zwölf Monaten bringen, durch zwölf geteilt, für jede Währung. Probezeiten, Geschenke und Einzelgaben zählen nicht.
studio-hand = Was zu tun ist
studio-failing = { $name }: Die Zahlung ist fehlgeschlagen; Zugang längstens bis
studio-failing-over = { $name }: Die Zahlung ist fehlgeschlagen; der Zugang ist zu Ende
studio-leaving = { $name } hat gekündigt; bleibt bis
studio-waiting-held = { $count ->
    [one] Ein Kommentar wartet auf Ihre Durchsicht
   *[other] { $count } Kommentare warten auf Ihre Durchsicht
}
studio-waiting-reported = { $count ->
    [one] Ein Kommentar wurde gemeldet
   *[other] { $count } Kommentare wurden gemeldet
}
studio-waiting-scheduled = { $count ->
    [one] Ein Artikel erscheint zu einer festgelegten Zeit
   *[other] { $count } Artikel erscheinen zu festgelegten Zeiten
}
studio-waiting-drafts = { $count ->
    [one] Ein Entwurf ist noch nicht veröffentlicht
   *[other] { $count } Entwürfe sind noch nicht veröffentlicht
}
studio-waiting-payouts = Für die direkte Auszahlung werden Sie gebraucht
studio-newest = Neueste Unterstützer
studio-all-supporters = Alle Unterstützer
studio-supporters-empty = Hier sehen Sie, wer Sie unterstützt. Es beginnt mit einer Stufe; dann steht der Knopf unter jedem Ihrer Artikel.
studio-name = Name
studio-tier = Stufe
studio-tip = Einzelgabe
studio-amount = Betrag
studio-since = Seit
studio-until = Bis
studio-standing = Stand
studio-standing-patron = Unterstützer
studio-standing-leaving = Geht
studio-standing-grace = Zahlung gescheitert, noch in Kraft
studio-standing-granted = Unterstützer durch ein Geschenk
studio-standing-tipped = Unterstützer durch eine Einzelgabe
studio-standing-pending = Zahlung unterwegs
studio-standing-lapsed = Zahlung gescheitert
studio-standing-paused = Pausiert
studio-standing-former = Früher
studio-standing-none = Nie bezahlt
studio-leaves-for = Warum: { $reason }.
studio-filter = Filter
studio-filter-all = Alle
studio-filter-patrons = Unterstützer
studio-filter-risk = Gefährdet
studio-filter-former = Frühere
studio-previous = Zurück
studio-next = Weiter
studio-supporters-csv = Unterstützer als CSV
studio-payments-csv = Zahlungen als CSV
studio-tiers-words = Woraus Leserinnen und Leser wählen können, in dieser Reihenfolge.
studio-tiers-see = Als Leser ansehen
studio-tiers-empty = Sie haben noch keine Stufe. Legen Sie unten eine an; zwei oder drei genügen.
studio-no-stripe = Zahlungen sind noch nicht eingerichtet. Stufen bleiben erhalten und gehen in den Verkauf, sobald die Publikation ihren Stripe-Schlüssel hat.
studio-tier-new = Eine neue Stufe
studio-tier-name = Name
studio-tier-description = Was sie bietet, je eine Zeile
studio-tier-currency = Währung, etwa EUR
studio-tier-monthly = Im Monat, in { $currency }
studio-tier-yearly = Im Jahr, in { $currency }
studio-tier-trial = Kostenlose Tage am Anfang (leer für keine)
studio-tier-others = Andere Währungen
studio-tier-others-words = Leserinnen und Leser können darunter wählen. Leeren Sie eine Zeile, um ihre Währung aus dem Angebot zu nehmen.
studio-tier-other-currency = Währung
studio-tier-other-monthly = Ein Monat
studio-tier-other-yearly = Ein Jahr
studio-tier-open-ended = Wer mag, darf mehr geben
studio-tier-price-words = Ein neuer Betrag gilt für neue Unterstützer. Die anderen behalten ihren.
studio-tier-create = In den Verkauf nehmen
studio-tier-archive = Aus dem Verkauf nehmen
studio-tier-archive-name = { studio-tier-archive }: { $name }
studio-save = Speichern
studio-article-new = Artikel schreiben
studio-article-edit = Artikel bearbeiten
studio-article-title = Überschrift
studio-article-standfirst = Vorspann
studio-article-body = Text
studio-article-markdown = Markdown: **fett**, *kursiv*, ## Überschrift, > Zitat, - Liste.
studio-article-slug = Adresse (leer: aus der Überschrift)
studio-article-state = Zustand
studio-article-audience = Wer lesen darf
studio-article-comments = Wer kommentieren darf
studio-article-see = Ansehen
studio-audience-public = Alle
studio-audience-readers = Alle Angemeldeten
studio-audience-patrons = Unterstützer
studio-gate-readers = Alle Angemeldeten
studio-gate-patrons = Unterstützer
studio-gate-closed = Niemand
studio-publication = Veröffentlichung
studio-published = Veröffentlicht am
studio-notice = Follower und Unterstützer per E-Mail benachrichtigen
studio-bio = Über Sie
studio-support-words = Ihr eigener Satz unter jedem Artikel
studio-support-words-hint = Er steht unter der Bitte um Unterstützung. Leer gelassen stehen dort die Worte der Publikation.
studio-slug = Adresse Ihrer Seite
studio-author-page = Ihre Seite
flash-tier-saved = Gespeichert.
flash-tier-archived = Aus dem Verkauf genommen. Wer sie hat, behält sie.
flash-article-saved = Gespeichert.
flash-article-published = Veröffentlicht.
flash-article-unpublished = Zurückgezogen. Leserinnen und Leser finden ihn nicht mehr.
flash-article-empty = Es gibt noch keinen Text, darum wurde nichts veröffentlicht.
flash-settings-saved = Gespeichert.
studio-months = Monate
studio-currency = Währung
studio-number = Nummer
studio-paid-at = Datum
studio-sum-received = Eingegangen
studio-sum-given_back = Erstattet
studio-sum-disputed = Widersprochen
studio-sum-fees = Stripes Gebühren
studio-sum-tax = Steuer
studio-sum-publication = Publikation
studio-sum-author = Ihr Anteil
studio-sum-paid_directly = Direkt ausgezahlt
studio-sum-owed = Noch auszuzahlen
studio-sums-words = Was einging, abzüglich Erstattungen, Widersprüchen, Stripes Gebühren und Steuer, teilen sich die Publikation und Sie nach dem Anteil, der am Tag der Zahlung galt. Monate gelten in UTC.
studio-on-its-way = Unterwegs
studio-on-its-way-words = Lastschriften, die Banken noch nicht ausgeführt haben. Das dauert einige Tage, und manche werden abgelehnt; gebucht wird erst, was da ist.
studio-on-its-way-tip = einmalig gegeben
studio-on-its-way-gift = für ein Geschenk
studio-on-its-way-change = für einen Wechsel der Stufe
studio-on-its-way-membership = für eine Mitgliedschaft
studio-on-its-way-renewal = für eine Verlängerung, die gescheitert war
studio-paying = seit { $since } von der Bank unterwegs
studio-paying-words = { $amount } für die Verlängerung, die gescheitert war, ist seit { $since } von der Bank unterwegs, was ein paar Tage dauern kann.
studio-change-waits = Ein Wechsel zu { $tier } wartet auf die Bank, was einige Tage dauern kann. Bis das Geld da ist, bleibt alles, wie es ist.
studio-owed-words = Was noch auszuzahlen ist, kommt von der Publikation. Wo es weniger als nichts ist, haben Sie zu viel bekommen, und es wird mit dem Nächsten verrechnet.
studio-payments-empty = In diesem Monat wurde nichts gezahlt.
studio-statement-csv = Dieser Monat als CSV
studio-payment = Zahlung { $number }
studio-entry = Buchung
studio-entry-correction = Berichtigung
studio-entry-payment = Zahlung
studio-entry-refund = Erstattung
studio-entry-refund_failed = Erstattung gescheitert, das Geld ist zurück
studio-entry-dispute = Widerspruch
studio-entry-fee = Stripes Gebühr
studio-entry-transfer = An das Stripe-Konto des Autors oder von dort zurück
studio-entry-rounding = Von Stripe unterwegs gerundet, Sache der Publikation
studio-reason = Grund
studio-reason-requested_by_customer = Auf Wunsch
studio-reason-duplicate = Doppelt gezahlt
studio-reason-fraudulent = Betrug
studio-refund = Geld erstatten
studio-refund-words = Ein Teilbetrag lässt alles, wie es ist. Wird der ganze laufende Zeitraum erstattet, endet die Mitgliedschaft sofort. Stripe behält seine Gebühr in jedem Fall.
studio-refund-asked = Die Bank fragt nach dieser Zahlung und hat noch nichts zurückgeholt. Erstatten Sie alles, was übrig ist, fragt sie nicht weiter, und es gibt keinen Widerspruch und keine Gebühr dafür; ein Teilbetrag genügt ihr nicht. Ist es der laufende Zeitraum, endet die Mitgliedschaft damit. Wollen Sie das Geld behalten, antworten Sie in Stripes Verwaltung.
studio-refund-amount = Betrag, höchstens { $amount }
studio-refund-button = Erstatten
studio-refund-whole = { $amount } erstatten
flash-refunded = Das Geld ist auf dem Weg zurück, und eine E-Mail sagt es.
studio-recurring-change = { $amount } in diesem Zeitraum
studio-won = Gewonnen
studio-won-back = und { $back }, die zurückkamen
studio-won-definition = Menschen, die Sie in diesem Zeitraum zum ersten Mal unterstützt haben. Tage gelten in UTC.
studio-span = Zeitraum
studio-span-month = 30 Tage
studio-span-quarter = 90 Tage
studio-span-year = 12 Monate
studio-span-all = Alles
studio-at-risk = { $count ->
    [one] Eine Unterstützung ist in Gefahr
   *[other] { $count } Unterstützungen sind in Gefahr
 }
studio-over-time = Im Lauf der Zeit
studio-patrons-chart = Unterstützer am Ende jedes Abschnitts.
studio-revenue-chart = Regelmäßige Einnahmen, die hinzukamen (oben) und wegfielen (unten), { $currency } im Monat.
studio-as-table = Dasselbe als Tabelle
studio-time = Bis
studio-gained = Hinzugekommen
studio-shed = Weggefallen
studio-movements = Was die regelmäßigen Einnahmen bewegt hat
studio-movement = Bewegung
studio-meaning = Was es bedeutet
studio-movement-new = Neu
studio-movement-new-definition = Erste bezahlte Mitgliedschaften, auch Probezeiten, die nun bezahlt werden.
studio-movement-reactivated = Zurück
studio-movement-reactivated-definition = Bezahlte Mitgliedschaften von Menschen, die eine Weile keine hatten.
studio-movement-upgrade = Mehr
studio-movement-upgrade-definition = Unterstützer, die mehr geben als zuvor.
studio-movement-downgrade = Weniger
studio-movement-downgrade-definition = Unterstützer, die weniger geben als zuvor.
studio-movement-churn = Gegangen
studio-movement-churn-definition = Bezahlte Mitgliedschaften, die endeten, verfielen oder ruhen.
studio-movement-net = Zusammen
studio-movement-net-definition = Alles zusammen: die regelmäßigen Einnahmen jetzt, weniger die vom Anfang.
studio-paid = In diesem Zeitraum bezahlt
studio-of-which-tips = davon Einzelgaben
studio-paid-definition = Zahlungen nach dem Tag, an dem sie kamen, Einzelgaben darunter; Zurückgegebenes nach dem Tag, an dem es ging, ohne gescheiterte Erstattungen. Vor Stripes Gebühren und Anteilen.
studio-by-tier = Nach Stufe
studio-by-tier-definition = Unterstützer jetzt, und was ihre Mitgliedschaften im Monat bringen.
studio-by-article = Nach Artikel
studio-article = Artikel
studio-patrons-won = Gewonnen
studio-tips-count = Einzelgaben
studio-by-article-definition = Menschen, die den Knopf unter diesem Artikel gedrückt haben und in diesem Zeitraum zum ersten Mal Unterstützer wurden, und Einzelgaben, die dort gegeben wurden. Niemand wird verfolgt: Wer nur liest, wird nicht gezählt.
studio-retention = Wer bleibt
studio-came-in = Gekommen im
studio-people = Menschen
studio-retention-definition = Wie viele von denen, die in einem Monat zum ersten Mal Unterstützer wurden, es am Ende dieses Monats (0), des nächsten (1) und so weiter noch waren.
studio-search = Name, Adresse oder Schlagwort
studio-came-since = Gekommen seit
studio-any-tier = Jede Stufe
studio-look = Suchen
studio-nobody-patrons = Gerade unterstützt Sie niemand.
studio-nobody-risk = Niemand ist gefährdet: Keine Zahlung ist gescheitert, und niemand geht.
studio-nobody-former = Niemand ist gegangen.
studio-look-all = Alle zeigen
studio-found = { $count ->
    [0] So ist niemand.
    [one] Ein Mensch
   *[other] { $count } Menschen
 }
studio-secret = Jemand im Verborgenen
studio-labels = Schlagwörter
studio-label = Schlagwort
studio-any-label = Jedes Schlagwort
studio-label-new = Ein Wort, unter dem Sie diesen Menschen wiederfinden
studio-label-add = Schlagwort hinzufügen
studio-label-remove = Entfernen
studio-label-remove-name = Schlagwort { $label } entfernen
studio-label-problem = Ein Schlagwort hat ein bis 40 Zeichen. Es wurde nichts geändert.
studio-notes = Notizen
studio-notes-words = Nur Sie können sie lesen.
studio-note-new = Eine neue Notiz
studio-note-add = Notiz speichern
studio-note-delete = Notiz löschen
studio-note-problem = Eine Notiz hat ein bis 2.000 Zeichen. Nichts ging verloren: Sie steht unten.
studio-timeline = Was geschah
studio-timeline-empty = Zahlungen, Änderungen, E-Mails und Kommentare werden hier stehen.
studio-happened-payment = Bezahlt
studio-happened-refund = Zurückgegeben
studio-happened-came = Unterstützt Sie nun
studio-happened-went = Unterstützt Sie nicht mehr
studio-happened-more = Gibt mehr
studio-happened-less = Gibt weniger
studio-happened-mail = Eine E-Mail ging hinaus:
studio-happened-notice = Hörte von einem Artikel:
studio-happened-comment = Kommentierte unter
flash-note-saved = Die Notiz ist gespeichert.
flash-note-deleted = Die Notiz ist gelöscht.
flash-label-saved = Das Schlagwort ist hinzugefügt.
flash-label-deleted = Das Schlagwort ist entfernt.
studio-gate-tiers = Wer auf einer der Stufen unten unterstützt
studio-article-tiers = Stufen, die kommentieren dürfen
studio-article-days = Nur noch lesbar nach Tagen
studio-article-days-hint = Vom Erscheinen an gezählt. Leer: Kommentare bleiben offen.
studio-hears = E-Mails über neue Unterstützer, Abschiede und Einzelgaben
studio-hears-at_once = Sofort
studio-hears-daily = In einer E-Mail am Morgen
studio-hears-never = Nie
studio-hears-hint = Alles davon steht auch bei Ihren Unterstützern.
studio-letters = E-Mails dazu
studio-letters-counts = { $sent } gesendet{ $waiting ->
    [0] { "" }
   *[other] { " " }· { $waiting } warten
 }{ $failed ->
    [0] { "" }
   *[other] { " " }· { $failed } nicht zugestellt
 }{ $left ->
    [0] { "" }
   *[other] { " " }· { $left } abbestellt
 }
studio-tier-up = Nach oben
studio-tier-up-name = { studio-tier-up }: { $name }
studio-tier-down = Nach unten
studio-tier-down-name = { studio-tier-down }: { $name }
studio-tier-seats = Plätze (leer: so viele, wie wollen)
studio-tier-seats-hint = Unterstützer, Geschenke und Mitgliedschaften, die Sie vergeben, nehmen je einen Platz ein; eine Pause behält ihn. Sind alle vergeben, kann niemand sonst diese Stufe wählen oder verschenken; Sie selbst können sie weiter vergeben. Eine kleinere Zahl nimmt niemandem den Platz.
studio-tier-taken = { $taken } von { $places } Plätzen sind vergeben.
studio-tier-over = { $over ->
    [one] Das ist 1 mehr, als es Plätze gibt
   *[other] Das sind { $over } mehr, als es Plätze gibt
}; alle behalten ihren, der nächste wird später frei.
studio-tier-kept = { $kept ->
    [one] 1 weiterer wird gerade bezahlt.
   *[other] { $kept } weitere werden gerade bezahlt.
}
flash-tier-moved = Verschoben. Leserinnen und Leser sehen überall diese Reihenfolge.
studio-portrait = Ihr Porträt
studio-portrait-words = Es steht auf Ihrer Seite, über Ihren Artikeln und wo um Unterstützung gebeten wird.
studio-portrait-none = Ohne Porträt steht der erste Buchstabe Ihres Namens an seiner Stelle.
studio-portrait-file = Bild
studio-portrait-other = Ein anderes Bild (leer: dieses bleibt)
studio-portrait-alt = Was darauf zu sehen ist, für alle, die es nicht sehen
studio-portrait-save = Porträt speichern
studio-portrait-remove = Porträt entfernen
flash-portrait-saved = Ihr Porträt ist gespeichert.
flash-portrait-removed = Ihr Porträt ist entfernt. Der erste Buchstabe Ihres Namens steht an seiner Stelle.
studio-page = Ihre Seite
studio-links = Wo Sie sonst zu finden sind
studio-links-hint = Bis zu sechs Seiten von Ihnen. Sie stehen auf Ihrer Seite; ohne Worte wird der Name der Website gezeigt.
studio-link-label = Worte von Link { $number }
studio-link-address = Adresse von Link { $number }
studio-to-readers = Was Sie Leserinnen und Lesern sagen
studio-welcome = Ihr Gruß an neue Unterstützer
studio-welcome-hint = Zu lesen, sobald die Zahlung da ist, und in der ersten E-Mail. Hervorhebungen, Links, Zitate und Listen wie in Kommentaren. Leer gelassen gibt es keinen.
studio-welcome-look = Gruß ansehen
studio-welcome-preview = Das werden neue Unterstützer lesen. Es ist noch nichts gespeichert.
studio-welcome-empty = Nichts: Der Dank der Publikation steht allein.
