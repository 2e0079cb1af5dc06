tiers-words-too-long = That is too much: 100 characters for the name and 2,000 for what it gives will do.
tiers-seats-out-of-range = Places are a whole number from 1 to 100,000. Leave it empty for as many as want it; to sell none, take the tier off sale.
tiers-places-taken = { $places ->
    [one] The one place is taken.
   *[other] All { $places } places are taken.
}
tiers-places-left = { $places ->
    [one] There is a single place, and it is free.
   *[other] { $left ->
        [one] One of { $places } places is left.
       *[other] { $left } of { $places } places are left.
    }
}
tiers-places-kept = The last places are being paid for right now. If none of that is you, look again later: a payment takes up to half an hour, one from a bank account some days.
tiers-full = All places of this tier are taken by now. Nothing was charged. You can choose another, give once, or look again later.
tiers-being-paid-for = The last places of this tier are being paid for right now. Nothing was charged. If one of them is yours, go back to the page where you pay; if not, choose another tier or look again later: a payment takes up to half an hour, one from a bank account some days.
tiers-change-full = All places of that tier are taken. Nothing has changed: you keep the tier you have, and can choose another.
tiers-off = Off sale
tiers-off-words = Nobody new can choose these. Those who have one keep it.
tiers-off-patrons = { $count ->
    [0] Nobody has it any more.
    [one] One patron has it.
   *[other] { $count } patrons have it.
}
tiers-restore = Put on sale again
tiers-restore-name = { tiers-restore }: { $name }
flash-tier-restored = On sale again, as the last of your tiers and at the amounts it had.
