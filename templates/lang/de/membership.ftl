membership-tier-name-missing = Die Stufe braucht einen Namen.
membership-tier-currency-unknown = Das ist kein Währungscode. Drei Buchstaben, etwa EUR, USD oder JPY.
membership-tier-amount-missing = Die Stufe braucht einen Betrag im Monat oder im Jahr.
membership-tier-amount-out-of-range = Dieser Betrag lässt sich nicht abbuchen. Er ist für diese Währung zu klein oder zu groß.
membership-tier-trial-out-of-range = Eine Probezeit dauert 1 bis 365 Tage.
membership-tier-unknown = Diese Stufe gibt es nicht.
