studio-patrons = Patrons
studio-new = New
studio-lost = Lost
studio-new-and-lost = { $new } new, { $lost } left
studio-recurring = Recurring a month
studio-patrons-definition = People whose support is in force now: by a membership, in its grace too, by a gift, or by a tip that still counts.
studio-recurring-definition = What the memberships in force bring in twelve months, divided by twelve, for each currency. Trials, gifts and tips count nothing.
studio-hand = What to do next
studio-failing = { $name }: the payment failed; access at the latest until
studio-failing-over = { $name }: the payment failed; access has ended
studio-leaving = { $name } has cancelled; stays until
studio-waiting-held = { $count ->
    [one] One comment waits for you to look it over
   *[other] { $count } comments wait for you to look them over
}
studio-waiting-reported = { $count ->
    [one] Readers have reported one comment
   *[other] Readers have reported { $count } comments
}
studio-waiting-scheduled = { $count ->
    [one] One article comes out at a time that is set
   *[other] { $count } articles come out at times that are set
}
studio-waiting-drafts = { $count ->
    [one] One draft is not published yet
   *[other] { $count } drafts are not published yet
}
studio-waiting-payouts = Being paid directly needs a word from you
studio-newest = Newest supporters
studio-all-supporters = All supporters
studio-supporters-empty = Here you will see who supports you. It begins with a tier; then the button stands under each of your articles.
studio-name = Name
studio-tier = Tier
studio-tip = Tip
studio-amount = Amount
studio-since = Since
studio-until = Until
studio-standing = Standing
studio-standing-patron = Patron
studio-standing-leaving = Leaving
studio-standing-grace = Payment failed, still in force
studio-standing-granted = Patron by a gift
studio-standing-tipped = Patron by a tip
studio-standing-pending = Payment on its way
studio-standing-lapsed = Payment failed
studio-standing-paused = Paused
studio-standing-former = Former
studio-standing-none = Never paid
studio-leaves-for = Why: { $reason }.
studio-filter = Filter
studio-filter-all = All
studio-filter-patrons = Patrons
studio-filter-risk = At risk
studio-filter-former = Former
studio-previous = Back
studio-next = Further
studio-supporters-csv = Supporters as CSV
studio-payments-csv = Payments as CSV
studio-tiers-words = What readers can choose from, in the order it stands here.
studio-tiers-see = See it as a reader
studio-tiers-empty = You have no tier yet. Make one below; two or three are enough.
studio-no-stripe = Payments are not set up yet. Tiers are kept, and go on sale when the publication has its Stripe key.
studio-tier-new = A new tier
studio-tier-name = Name
studio-tier-description = What it gives, a line each
studio-tier-currency = Currency, such as EUR
studio-tier-monthly = A month, in { $currency }
studio-tier-yearly = A year, in { $currency }
studio-tier-trial = Free days at the start (empty for none)
studio-tier-others = Other currencies
studio-tier-others-words = Readers can choose among them. Empty a row to take its currency off sale.
studio-tier-other-currency = Currency
studio-tier-other-monthly = A month
studio-tier-other-yearly = A year
studio-tier-open-ended = Readers may give more than this if they like
studio-tier-price-words = A new amount is for new patrons. Those you have keep theirs.
studio-tier-create = Put on sale
studio-tier-archive = Take off sale
studio-tier-archive-name = { studio-tier-archive }: { $name }
studio-save = Save
studio-article-new = Write an article
studio-article-edit = Edit the article
studio-article-title = Headline
studio-article-standfirst = Standfirst
studio-article-body = Text
studio-article-markdown = Markdown: **bold**, *italic*, ## heading, > quotation, - list.
studio-article-slug = Address (empty: made from the headline)
studio-article-state = State
studio-article-audience = Who may read
studio-article-comments = Who may comment
studio-article-see = See it
studio-audience-public = Everybody
studio-audience-readers = Anyone signed in
studio-audience-patrons = Patrons
studio-gate-readers = Anyone signed in
studio-gate-patrons = Patrons
studio-gate-closed = Nobody
studio-publication = Publication
studio-published = Published on
studio-notice = Tell followers and patrons by e-mail
studio-bio = About you
studio-support-words = Your own sentence under each article
studio-support-words-hint = It stands below “Liked it? Take a second to support …”. Leave it empty for the publication’s words.
studio-slug = Address of your page
studio-author-page = Your page
flash-tier-saved = Saved.
flash-tier-archived = Taken off sale. Its patrons keep it.
flash-article-saved = Saved.
flash-article-published = Published.
flash-article-unpublished = Taken back. Readers find it no more.
flash-article-empty = There is no text yet, so nothing was published.
flash-settings-saved = Saved.
studio-months = Months
studio-currency = Currency
studio-number = Number
studio-paid-at = Date
studio-sum-received = Received
studio-sum-given_back = Given back
studio-sum-disputed = Disputed
studio-sum-fees = Stripe’s fees
studio-sum-tax = Tax
studio-sum-publication = Publication
studio-sum-author = Yours
studio-sum-paid_directly = Paid directly
studio-sum-owed = To be paid
studio-sums-words = Received, less what was given back, disputed and kept by Stripe, less tax, is divided between the publication and you by the share that held on the day of each payment. Months are in UTC.
studio-on-its-way = On its way
studio-on-its-way-words = Debits that banks have not carried out yet. It takes them a few days, and some are refused; nothing of this is booked before it is there.
studio-on-its-way-tip = given once
studio-on-its-way-gift = for a gift
studio-on-its-way-change = for a change of tier
studio-on-its-way-membership = for a membership
studio-on-its-way-renewal = for a renewal that had failed
studio-paying = on its way from the bank since { $since }
studio-paying-words = { $amount } for the renewal that had failed has been on its way from the bank since { $since }, which can take a few days.
studio-change-waits = A change to { $tier } waits for the bank, which can take a few days. Until the money is there everything stays as it is.
studio-owed-words = What is to be paid comes from the publication. Where it is less than nothing you have had too much, and it is set against what comes next.
studio-payments-empty = Nothing was paid in this month.
studio-statement-csv = This month as CSV
studio-payment = Payment { $number }
studio-entry = Entry
studio-entry-correction = correction
studio-entry-payment = Payment
studio-entry-refund = Given back
studio-entry-refund_failed = Refund failed, the money is back
studio-entry-dispute = Dispute
studio-entry-fee = Stripe’s fee
studio-entry-transfer = To the author’s Stripe account, or back from it
studio-entry-rounding = Rounded by Stripe on the way, the publication’s
studio-reason = Reason
studio-reason-requested_by_customer = She asked for it
studio-reason-duplicate = Paid twice
studio-reason-fraudulent = Fraud
studio-refund = Give money back
studio-refund-words = A part leaves everything as it is. Giving back the whole of the current period ends the membership at once. Stripe keeps its fee either way.
studio-refund-asked = The reader’s bank asks about this payment and has taken nothing back yet. If you give back all that is left, the bank asks no more and there is no dispute, nor a fee for one; a part would not settle it. The membership ends with it if this is its current period. If you would rather keep the money, answer in Stripe’s dashboard.
studio-refund-amount = Amount, of { $amount } at most
studio-refund-button = Give back
studio-refund-whole = Give { $amount } back
flash-refunded = The money is on its way back, and an e-mail tells of it.
studio-recurring-change = { $amount } in this span
studio-won = Won
studio-won-back = and { $back } who came back
studio-won-definition = People who became your patrons for the first time in this span. Days are in UTC.
studio-span = Span
studio-span-month = 30 days
studio-span-quarter = 90 days
studio-span-year = 12 months
studio-span-all = All
studio-at-risk = { $count ->
    [one] One may be lost
   *[other] { $count } may be lost
 }
studio-over-time = Over time
studio-patrons-chart = Patrons at the end of each step.
studio-revenue-chart = Recurring revenue gained (above) and lost (below), { $currency } a month.
studio-as-table = The same as a table
studio-time = Until
studio-gained = Gained
studio-shed = Lost
studio-movements = What moved the recurring revenue
studio-movement = Movement
studio-meaning = What it means
studio-movement-new = New
studio-movement-new-definition = First paid memberships, trials that began to pay among them.
studio-movement-reactivated = Back
studio-movement-reactivated-definition = Paid memberships of people who had none for a while.
studio-movement-upgrade = More
studio-movement-upgrade-definition = Patrons who give more than before.
studio-movement-downgrade = Less
studio-movement-downgrade-definition = Patrons who give less than before.
studio-movement-churn = Gone
studio-movement-churn-definition = Paid memberships that ended, lapsed or rest.
studio-movement-net = In all
studio-movement-net-definition = All of it together: recurring revenue now, less what it was at the beginning.
studio-paid = Paid in this span
studio-of-which-tips = of it tips
studio-paid-definition = Payments by the day they were made, tips among them; what was given back by the day it went back, without refunds that failed. Before Stripe’s fees and shares.
studio-by-tier = By tier
studio-by-tier-definition = Patrons now, and what their memberships bring a month.
studio-by-article = By article
studio-article = Article
studio-patrons-won = Patrons won
studio-tips-count = Tips
studio-by-article-definition = People who pressed the button under this article and became patrons for the first time in this span, and tips that were given there. Nobody is followed around: who only read is not counted.
studio-retention = Who stays
studio-came-in = Came in
studio-people = People
studio-retention-definition = Of those who became patrons for the first time in a month, how many were patrons at the end of that month (0), of the next (1), and so on.
studio-search = Name, address or label
studio-came-since = Came since
studio-any-tier = Any tier
studio-look = Search
studio-nobody-patrons = Nobody is a patron just now.
studio-nobody-risk = Nobody is at risk: no payment has failed, and nobody is leaving.
studio-nobody-former = Nobody has left.
studio-look-all = Show everybody
studio-found = { $count ->
    [0] Nobody is like that.
    [one] One person
   *[other] { $count } people
 }
studio-secret = Somebody in secret
studio-labels = Labels
studio-label = Label
studio-any-label = Any label
studio-label-new = A word to find this person by
studio-label-add = Add the label
studio-label-remove = Remove
studio-label-remove-name = Remove the label { $label }
studio-label-problem = A label has one to 40 characters. Nothing was changed.
studio-notes = Notes
studio-notes-words = Only you can read them.
studio-note-new = A new note
studio-note-add = Keep the note
studio-note-delete = Delete the note
studio-note-problem = A note has one to 2,000 characters. Nothing was lost: it stands below.
studio-timeline = What happened
studio-timeline-empty = Payments, changes, e-mails and comments will stand here.
studio-happened-payment = Paid
studio-happened-refund = Given back
studio-happened-came = Became a patron
studio-happened-went = Is no patron any more
studio-happened-more = Gives more
studio-happened-less = Gives less
studio-happened-mail = An e-mail went out:
studio-happened-notice = Heard of an article:
studio-happened-comment = Commented under
flash-note-saved = The note is kept.
flash-note-deleted = The note is deleted.
flash-label-saved = The label is added.
flash-label-deleted = The label is removed.
studio-gate-tiers = Patrons by the tiers below
studio-article-tiers = Tiers that may comment
studio-article-days = Read-only after days
studio-article-days-hint = Counted from publication. Empty: comments stay open.
studio-hears = E-mails about new patrons, farewells and tips
studio-hears-at_once = At once
studio-hears-daily = In one e-mail, in the morning
studio-hears-never = Never
studio-hears-hint = All of it stands under your supporters, too.
studio-letters = E-mails about it
studio-letters-counts = { $sent } sent{ $waiting ->
    [0] { "" }
   *[other] { " " }· { $waiting } waiting
 }{ $failed ->
    [0] { "" }
   *[other] { " " }· { $failed } not delivered
 }{ $left ->
    [0] { "" }
   *[other] { " " }· { $left } left by it
 }
studio-tier-up = Move up
studio-tier-up-name = { studio-tier-up }: { $name }
studio-tier-down = Move down
studio-tier-down-name = { studio-tier-down }: { $name }
studio-tier-seats = Places (empty: as many as want it)
studio-tier-seats-hint = Patrons, gifts and memberships you give take a place each; a pause keeps it. When all are taken, nobody else can choose or be given this tier by others; you can still give it yourself. A smaller number takes nobody’s place away.
studio-tier-taken = { $taken } of { $places } places are taken.
studio-tier-over = { $over ->
    [one] That is 1 more than its places
   *[other] That is { $over } more than its places
}; everybody keeps theirs, and the next becomes free later.
studio-tier-kept = { $kept ->
    [one] 1 more is being paid for right now.
   *[other] { $kept } more are being paid for right now.
}
flash-tier-moved = Moved. Readers see this order everywhere.
studio-portrait = Your portrait
studio-portrait-words = It stands on your page, above your articles and where readers are asked to support you.
studio-portrait-none = Without a portrait the first letter of your name stands in its place.
studio-portrait-file = Picture
studio-portrait-other = Another picture (empty: this one stays)
studio-portrait-alt = What it shows, for those who cannot see it
studio-portrait-save = Save the portrait
studio-portrait-remove = Remove the portrait
flash-portrait-saved = Your portrait is saved.
flash-portrait-removed = Your portrait is removed. The first letter of your name stands in its place.
studio-page = Your page
studio-links = Where else you are found
studio-links-hint = Up to six pages of yours. They stand on your page; without words, the name of the site is shown.
studio-link-label = Words of link { $number }
studio-link-address = Address of link { $number }
studio-to-readers = What you tell readers
studio-welcome = Your welcome to a new patron
studio-welcome-hint = Shown once the payment is there, and in the first e-mail. Emphasis, links, quotes and lists as in comments. Leave it empty for none.
studio-welcome-look = Look at the welcome
studio-welcome-preview = What a new patron will read. Nothing is saved yet.
studio-welcome-empty = Nothing: the thanks of the publication stand alone.
