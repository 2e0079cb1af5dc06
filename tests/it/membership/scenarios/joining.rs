//! The first payment, in whatever order Stripe tells of it.

use plaudit::sandbox::stripe::Card;

use super::driver::Step::*;

scenarios! {
    s01_a_first_payment: [
        Pays(Card::Good), Arrives("checkout.session.completed"),
        Arrives("customer.subscription.created"), Arrives("invoice.paid"),
    ] => "Active", true, "R W", "payment 300, fee -30";

    s02_the_session_comes_last: [
        Pays(Card::Good), Arrives("customer.subscription.created"),
        Arrives("customer.subscription.updated"), Arrives("invoice.paid"),
        Arrives("checkout.session.completed"),
    ] => "Active", true, "R W", "payment 300, fee -30";

    s03_a_tip_of_a_month: [
        Tips("500"), AllArrive,
    ] => "", true, "R W", "payment 500, fee -33";

    s03_the_term_of_a_tip_is_over: [
        Tips("500"), AllArrive, DaysPass(31),
    ] => "", false, "R W", "payment 500, fee -33";

    s07_a_session_that_expired: [
        Begins, SessionExpires, AllArrive,
    ] => "", false, "", "";

    s09_a_trial: [
        OnTrial, Pays(Card::Good), AllArrive,
    ] => "Trial", true, "W", "";

    s10_a_trial_is_about_to_end: [
        OnTrial, Pays(Card::Good), AllArrive, DaysPass(12), AllArrive,
    ] => "Trial", true, "TW W", "";

    s10_told_by_the_event_alone: [
        OnTrial, Pays(Card::Good), AllArrive, Arrives("customer.subscription.trial_will_end"),
    ] => "Trial", true, "TW W", "";

    s11_a_trial_becomes_a_membership: [
        OnTrial, Pays(Card::Good), AllArrive, DaysPass(15), AllArrive,
    ] => "Active", true, "R W", "payment 300, fee -30";

    s18_updated_before_created: [
        Pays(Card::Good), Arrives("customer.subscription.updated"),
        Arrives("customer.subscription.created"), Arrives("invoice.paid"),
    ] => "Active", true, "R W", "payment 300, fee -30";

    s19_a_late_created: [
        Pays(Card::Good), AllArrive, DaysPass(2), Arrives("customer.subscription.created"),
    ] => "Active", true, "R W", "payment 300, fee -30";

    s39_s42_the_first_payment_waits_for_the_bank: [
        Pays(Card::Confirms), AllArrive,
    ] => "Active", true, "R W", "payment 300, fee -30";

    s04_the_bank_takes_its_time: [
        Pays(Card::BankPays), AllArrive,
    ] => "Pending", false, "", "";

    s04_told_by_the_session_alone: [
        Pays(Card::BankPays), Arrives("checkout.session.completed"),
    ] => "Pending", false, "", "";

    s05_the_bank_has_paid: [
        Pays(Card::BankPays), AllArrive, MinutesPass(4), AllArrive,
    ] => "Active", true, "R W", "payment 300, fee -30";

    s05_told_by_the_session_alone: [
        Pays(Card::BankPays), AllArrive, MinutesPass(4),
        Arrives("checkout.session.async_payment_succeeded"),
    ] => "Active", true, "R W", "payment 300, fee -30";

    s05_all_of_it_at_once: [
        Pays(Card::BankPays), MinutesPass(4), AllArrive,
    ] => "Active", true, "R W", "payment 300, fee -30";

    s05_a_renewal_from_a_bank_account: [
        Pays(Card::BankPays), AllArrive, MinutesPass(4), AllArrive, MonthPasses, AllArrive,
        MinutesPass(4), AllArrive,
    ] => "Active", true, "R R W", "payment 600, fee -60";

    s06_the_bank_refuses: [
        Pays(Card::BankRefuses), AllArrive, MinutesPass(4), AllArrive,
    ] => "Failed", false, "PF", "";

    s06_told_by_the_session_alone: [
        Pays(Card::BankRefuses), AllArrive, MinutesPass(4),
        Arrives("checkout.session.async_payment_failed"),
    ] => "Failed", false, "PF", "";

    // The first was refused and nobody has said so yet when the second month is billed.
    s06_the_next_month_is_billed_before_the_refusal_is_told: [
        Pays(Card::BankRefuses), Arrives("checkout.session.completed"), DaysPass(31),
        Arrives("customer.subscription.updated"),
    ] => "Failed", false, "", "";

    s06_and_all_of_it_is_told_in_the_end: [
        Pays(Card::BankRefuses), Arrives("checkout.session.completed"), DaysPass(31),
        Arrives("customer.subscription.updated"), DaysPass(31),
        Arrives("checkout.session.async_payment_failed"), AllArrive,
    ] => "Failed", false, "PF", "";

    s06_and_the_next_try_succeeds: [
        Pays(Card::BankRefuses), AllArrive, MinutesPass(4), AllArrive, Pays(Card::Good), AllArrive,
    ] => "Failed Active", true, "PF R W", "payment 300, fee -30";

    s04_a_tip_from_a_bank_account: [
        TipsBy(Card::BankPays, "500"), AllArrive,
    ] => "", false, "", "";

    s05_a_tip_from_a_bank_account_is_paid: [
        TipsBy(Card::BankPays, "500"), AllArrive, MinutesPass(4), AllArrive,
    ] => "", true, "R W", "payment 500, fee -33";

    s06_a_tip_from_a_bank_account_is_refused: [
        TipsBy(Card::BankRefuses, "500"), AllArrive, MinutesPass(4), AllArrive,
    ] => "", false, "PF", "";

    s30_the_invoice_comes_ten_minutes_before_the_rest: [
        Pays(Card::Good), Arrives("invoice.paid"), MinutesPass(10),
        Arrives("customer.subscription.created"), Arrives("checkout.session.completed"),
    ] => "Active", true, "R W", "payment 300, fee -30";

    s40_the_first_payment_never_comes: [
        Pays(Card::BankPays), Shows(r#"{"status": "incomplete"}"#), AllArrive,
        Shows(r#"{"status": "incomplete_expired"}"#), Arrives("customer.subscription.updated"),
    ] => "Failed", false, "", "";

    s40_and_she_begins_again: [
        Pays(Card::BankPays), Shows(r#"{"status": "incomplete"}"#), AllArrive,
        Shows(r#"{"status": "incomplete_expired"}"#), Arrives("customer.subscription.updated"),
        Pays(Card::Good), AllArrive,
    ] => "Failed Active", true, "R W", "payment 300, fee -30";

    s74_the_old_shape_means_the_same: [
        Pays(Card::Good), OldShape, AllArrive, DaysPass(20),
    ] => "Active", true, "R W", "payment 300, fee -30";

    s74_the_old_shape_of_an_end: [
        Pays(Card::Good), OldShape, AllArrive, Shows(r#"{"cancel_at_period_end": true}"#),
        Arrives("customer.subscription.updated"),
    ] => "Cancelling", true, "CX R W", "payment 300, fee -30";
}
