tiers-words-too-long = Das ist zu viel: 100 Zeichen für den Namen und 2.000 für das, was sie bietet, genügen.
tiers-seats-out-of-range = Plätze sind eine ganze Zahl von 1 bis 100.000. Leer gelassen gibt es so viele, wie wollen; soll es keine geben, nehmen Sie die Stufe aus dem Verkauf.
tiers-places-taken = { $places ->
    [one] Der eine Platz ist vergeben.
   *[other] Alle { $places } Plätze sind vergeben.
}
tiers-places-left = { $places ->
    [one] Es gibt einen einzigen Platz, und er ist frei.
   *[other] { $left ->
        [one] Einer von { $places } Plätzen ist frei.
       *[other] { $left } von { $places } Plätzen sind frei.
    }
}
tiers-places-kept = Die letzten Plätze werden gerade bezahlt. Wenn keiner davon Ihrer ist, sehen Sie später noch einmal nach: Eine Zahlung dauert bis zu einer halben Stunde, eine vom Bankkonto einige Tage.
tiers-full = Alle Plätze dieser Stufe sind inzwischen vergeben. Es wurde nichts abgebucht. Sie können eine andere wählen, einmalig geben oder später noch einmal nachsehen.
tiers-being-paid-for = Die letzten Plätze dieser Stufe werden gerade bezahlt. Es wurde nichts abgebucht. Ist einer davon Ihrer, gehen Sie zurück zur Seite, auf der Sie zahlen; sonst wählen Sie eine andere Stufe oder sehen später noch einmal nach: Eine Zahlung dauert bis zu einer halben Stunde, eine vom Bankkonto einige Tage.
tiers-change-full = Alle Plätze dieser Stufe sind vergeben. Es hat sich nichts geändert: Sie behalten Ihre Stufe und können eine andere wählen.
tiers-off = Nicht mehr im Verkauf
tiers-off-words = Niemand kann diese Stufen neu wählen. Wer eine hat, behält sie.
tiers-off-patrons = { $count ->
    [0] Niemand hat sie mehr.
    [one] Ein Mensch hat sie.
   *[other] { $count } Menschen haben sie.
}
tiers-restore = Wieder in den Verkauf nehmen
tiers-restore-name = { tiers-restore }: { $name }
flash-tier-restored = Wieder im Verkauf, als letzte Ihrer Stufen und zu den Beträgen von zuvor.
