web-home = Zur Startseite
web-error-400-title = Das haben wir nicht verstanden
web-error-400 = Mit dieser Anfrage konnten wir nichts anfangen. Es wurde nichts geändert.
web-error-403-title = Nicht für Sie
web-error-403 = Diese Seite gehört jemand anderem. Sollte es Ihre sein, melden Sie sich mit dem richtigen Konto an.
web-error-403-cross-site = Die Anfrage kam von einer anderen Website und wurde deshalb abgelehnt. Es wurde nichts geändert.
web-error-404-title = Hier ist nichts
web-error-404 = Unter dieser Adresse gibt es keine Seite. Vielleicht ist sie umgezogen oder wurde zurückgezogen.
web-error-405-title = So nicht
web-error-405 = Diese Adresse nimmt solche Anfragen nicht an.
web-error-413-title = Zu viel auf einmal
web-error-413 = Das ist mehr, als wir annehmen. Es wurde nichts geändert; kürzen Sie es und versuchen Sie es noch einmal.
web-error-415-title = Die falsche Art
web-error-415 = Diese Art von Inhalt können wir nicht lesen. Es wurde nichts geändert.
web-error-422-title = Da fehlt etwas
web-error-422 = Das Formular kam nicht vollständig an. Gehen Sie zurück, prüfen Sie es und senden Sie es noch einmal.
web-error-429-title = Bitte etwas langsamer
web-error-429 = { $minutes ->
    [0] { $seconds ->
        [one] Das wurde von hier aus zu oft angefragt. Nichts ging verloren, nichts wurde abgebucht: Versuchen Sie es in einer Sekunde noch einmal.
       *[other] Das wurde von hier aus zu oft angefragt. Nichts ging verloren, nichts wurde abgebucht: Versuchen Sie es in { $seconds } Sekunden noch einmal.
    }
   *[other] Das wurde von hier aus zu oft angefragt. Nichts ging verloren, nichts wurde abgebucht: Versuchen Sie es in { $minutes } Minuten noch einmal.
}
web-error-500-title = Unser Fehler
web-error-500 = Bei uns ist etwas schiefgegangen. Was Sie schon gesendet hatten, ist nicht verloren. Bitte versuchen Sie es gleich noch einmal.
web-error-503-title = Gleich zurück
web-error-503 = Ein Teil des Dienstes macht Pause. Nichts ist verloren; bitte versuchen Sie es gleich noch einmal.
