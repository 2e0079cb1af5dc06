//! Renewals: paid, failed, mended, given up; and changes of tier.

use plaudit::sandbox::stripe::{Card, WhenUnpaid};

use super::driver::Step::*;

scenarios! {
    s12_a_monthly_renewal_is_near: [
        Pays(Card::Good), AllArrive, Arrives("invoice.upcoming"),
    ] => "Active", true, "R W", "payment 300, fee -30";

    s12_a_yearly_renewal_is_near: [
        PaysYearly, AllArrive, Arrives("invoice.upcoming"),
    ] => "Active", true, "R RN W", "payment 3000, fee -70";

    s12_what_is_heard_when_the_year_has_turned_says_nothing_of_the_next: [
        PaysYearly, AllArrive, DaysPass(366), AllArrive,
    ] => "Active", true, "R R W", "payment 6000, fee -140";

    s13_a_renewal: [
        Pays(Card::Good), AllArrive, MonthPasses, AllArrive,
    ] => "Active", true, "R R W", "payment 600, fee -60";

    s14_a_dearer_tier_paid_now: [
        Pays(Card::Good), AllArrive, Upgrades("always_invoice"), AllArrive,
    ] => "Active", true, "R R W", "payment 1500, fee -73";

    s14_a_dearer_tier_her_bank_asks_about: [
        Pays(Card::Good), AllArrive, BankAsks, UpgradesOncePaid, AllArrive,
    ] => "Active", true, "R W", "payment 300, fee -30";

    s14_and_she_confirms_it: [
        Pays(Card::Good), AllArrive, BankAsks, UpgradesOncePaid, AllArrive, Confirms, AllArrive,
    ] => "Active", true, "R R W", "payment 1500, fee -73";

    s14_told_by_the_applied_update_alone: [
        Pays(Card::Good), AllArrive, BankAsks, UpgradesOncePaid, AllArrive, Confirms,
        Arrives("customer.subscription.pending_update_applied"),
    ] => "Active", true, "R R W", "payment 1500, fee -73";

    s14_and_she_does_not: [
        Pays(Card::Good), AllArrive, BankAsks, UpgradesOncePaid, AllArrive, DaysPass(1), AllArrive,
    ] => "Active", true, "R W", "payment 300, fee -30";

    s14_told_by_the_expired_update_alone: [
        Pays(Card::Good), AllArrive, BankAsks, UpgradesOncePaid, AllArrive, DaysPass(1),
        Arrives("customer.subscription.pending_update_expired"),
    ] => "Active", true, "R W", "payment 300, fee -30";

    s15_a_dearer_tier_paid_later: [
        Pays(Card::Good), AllArrive, Upgrades("none"), AllArrive,
    ] => "Active", true, "R W", "payment 300, fee -30";

    s26_the_whole_history_again: [
        Pays(Card::Good), AllArrive, MonthPasses, AllArrive,
        Arrives("customer.subscription.created"), Arrives("invoice.paid"),
        Arrives("customer.subscription.updated"),
    ] => "Active", true, "R R W", "payment 600, fee -60";

    s31_a_failed_renewal: [
        Pays(Card::FailsLater), AllArrive, MonthPasses, AllArrive,
    ] => "Grace", true, "PF R W", "payment 300, fee -30";

    s32_further_attempts_fail: [
        Pays(Card::FailsLater), AllArrive, MonthPasses, AllArrive, DaysPass(4), AllArrive,
    ] => "Grace", true, "PF PF R W", "payment 300, fee -30";

    s32_further_attempts_are_to_be_confirmed: [
        Pays(Card::AlwaysConfirms), AllArrive, MonthPasses, AllArrive, DaysPass(4), AllArrive,
        Arrives("invoice.payment_action_required"), DaysPass(2), AllArrive,
        Arrives("invoice.payment_action_required"),
    ] => "Grace", true, "AR PF PF R W", "payment 300, fee -30";

    s32_the_last_attempt_fails_and_stripe_leaves_it_past_due: [
        IfUnpaid(WhenUnpaid::LeavePastDue), Pays(Card::FailsLater), AllArrive, MonthPasses,
        AllArrive, DaysPass(8), AllArrive,
    ] => "Grace", true, "PF PF R W", "payment 300, fee -30";

    s32_the_last_attempt_is_to_be_confirmed_and_stripe_leaves_it_past_due: [
        IfUnpaid(WhenUnpaid::LeavePastDue), Pays(Card::AlwaysConfirms), AllArrive, MonthPasses,
        AllArrive, DaysPass(8), AllArrive,
    ] => "Grace", true, "AR PF R W", "payment 300, fee -30";

    s33_a_mended_card: [
        Pays(Card::FailsLater), AllArrive, MonthPasses, AllArrive, MendsCard, AllArrive,
    ] => "Active", true, "PF R R W", "payment 600, fee -60";

    s35_stripe_gave_up: [
        Pays(Card::FailsLater), AllArrive, MonthPasses, AllArrive, DaysPass(8), AllArrive,
    ] => "Ended", false, "END PF R W", "payment 300, fee -30";

    s35_stripe_gave_up_what_was_to_be_confirmed: [
        Pays(Card::AlwaysConfirms), AllArrive, MonthPasses, AllArrive, DaysPass(8), AllArrive,
    ] => "Ended", false, "AR END R W", "payment 300, fee -30";

    s36_stripe_keeps_unpaid_what_was_to_be_confirmed: [
        IfUnpaid(WhenUnpaid::MarkUnpaid), Pays(Card::AlwaysConfirms), AllArrive, MonthPasses,
        AllArrive, DaysPass(8), AllArrive,
    ] => "Lapsed", false, "AR END PF R W", "payment 300, fee -30";

    s36_stripe_keeps_it_unpaid: [
        IfUnpaid(WhenUnpaid::MarkUnpaid), Pays(Card::FailsLater), AllArrive, MonthPasses,
        AllArrive, DaysPass(8), AllArrive,
    ] => "Lapsed", false, "END PF PF R W", "payment 300, fee -30";

    s38_the_grace_is_over_while_stripe_still_tries: [
        IfUnpaid(WhenUnpaid::LeavePastDue), Pays(Card::FailsLater), AllArrive, MonthPasses,
        AllArrive, DaysPass(15),
    ] => "Grace", false, "PF R W", "payment 300, fee -30";

    s38_a_payment_brings_access_back: [
        IfUnpaid(WhenUnpaid::LeavePastDue), Pays(Card::FailsLater), AllArrive, MonthPasses,
        AllArrive, DaysPass(15), MendsCard, AllArrive,
    ] => "Active", true, "PF R R W", "payment 600, fee -60";

    s41_a_renewal_to_be_confirmed: [
        Pays(Card::AlwaysConfirms), AllArrive, MonthPasses, AllArrive,
    ] => "Grace", true, "AR R W", "payment 300, fee -30";

    s43_a_renewal_written_off: [
        Pays(Card::FailsLater), AllArrive, MonthPasses, AllArrive,
        Arrives("invoice.marked_uncollectible"), Arrives("invoice.voided"),
    ] => "Grace", true, "PF R W", "payment 300, fee -30";
}
