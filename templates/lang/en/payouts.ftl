payouts-state-none = You are paid by the publication, from your statement.
payouts-state-loose = Your Stripe account is linked no more. You are paid by the publication again, from your statement.
payouts-loose-words = The link was taken back at Stripe. Nothing is lost: what had gone to your account is there, and what comes now stands in your statement. You can link it, or another one, again. Noticed on
payouts-none-words = What your readers give goes to the publication’s account. What is yours of it stands in each month’s statement, and the publication sends it to you.
payouts-link-words = With an account of your own at Stripe your part of each payment goes to you at once, and Stripe pays it out to your bank. Stripe asks who you are and for your bank account; none of that is kept here.
payouts-link = Link a Stripe account
payouts-no-stripe = Payments are not set up yet. You can link an account when the publication has its Stripe key.
payouts-state-begun = Your Stripe account is being set up. Until it is ready you are paid from your statement.
payouts-state-restricted = Stripe cannot send money to your account at present. Nothing is lost: until it can, you are paid from your statement.
payouts-state-ready = Your part of each payment goes to your own Stripe account at once.
payouts-due = Stripe still asks for:
payouts-due-who = who you are
payouts-due-what = what you do
payouts-due-bank = your bank account
payouts-due-terms = your consent to its terms
payouts-due-other = a few more details
payouts-reason-past_due = Something that Stripe has asked for is still missing.
payouts-reason-pending = Stripe is looking through what you have sent. There is nothing to do for you.
payouts-reason-rejected = Stripe has closed this account. Write to Stripe, or unlink it and go on with your statement.
payouts-reason-other = Stripe is holding this account back. Your Stripe dashboard says why.
payouts-transfers = Your part of payments
payouts-payouts = Payouts to your bank
payouts-charges = Charges in your own name
payouts-on = on
payouts-off = not yet
payouts-held = held back
payouts-unneeded = off, and not needed here
payouts-since = Linked
payouts-go-on = Go on at Stripe
payouts-dashboard = Open my Stripe dashboard
payouts-running = Memberships that run already
payouts-all-words = That is so for memberships, gifts and tips alike. The publication bears Stripe’s fees for them. Your share of each payment is rounded to the nearest cent, half a cent in your favour; what Stripe rounds differently on its way to you is the publication’s. What is given back, or lost in a dispute, is taken back from your account; what Stripe cannot take from there stands in your statement.
payouts-running-none = None run at present.
payouts-running-waiting = { $count ->
    [one] One runs, and Stripe is still to be told where its money goes. That takes minutes.
   *[other] { $count } run, and Stripe is still to be told of { $waiting } where their money goes. That takes minutes.
}
payouts-running-direct = { $count ->
    [one] One runs, and pays you directly from its next renewal on.
   *[other] { $count } run, and all pay you directly from their next renewals on.
}
payouts-running-statement = { $count ->
    [one] One runs, and pays into your statement from its next renewal on.
   *[other] { $count } run, and all pay into your statement from their next renewals on.
}
payouts-running-refused = { $count ->
    [one] One could not be changed at Stripe and goes on as it was; it is tried again each night.
   *[other] { $count } could not be changed at Stripe and go on as they were; they are tried again each night.
}
payouts-running-words = They follow by themselves when your account is linked, held back or unlinked. Your readers notice nothing. What was paid before stays where it is.
payouts-unlink-title = Unlink
payouts-unlink-words = From the next payment on you are paid from your statement again, for running memberships too. Your account at Stripe stays yours with all that is in it, and you can link it again.
payouts-unlink = Unlink my Stripe account
flash-payouts-unlinked = Unlinked. You are paid from your statement again.
flash-payouts-gone = The account that was linked is gone at Stripe. Nothing is lost: you can link a new one here.
