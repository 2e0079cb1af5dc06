//! Pauses: of collection, on demand, and after a trial without a card.

use plaudit::sandbox::stripe::Card;

use super::driver::Step::*;

scenarios! {
    s50_collection_is_paused: [
        Pays(Card::Good), AllArrive, Changes(&[("pause_collection[behavior]", "void")]), AllArrive,
    ] => "Active", true, "R W", "payment 300, fee -30";

    s50_the_paid_time_of_a_void_pause_ends: [
        Pays(Card::Good), AllArrive, Changes(&[("pause_collection[behavior]", "void")]), AllArrive,
        MonthPasses,
    ] => "Active", false, "R W", "payment 300, fee -30";

    s50_collection_goes_on: [
        Pays(Card::Good), AllArrive, Changes(&[("pause_collection[behavior]", "void")]), AllArrive,
        Changes(&[("pause_collection", "")]), AllArrive, MonthPasses, AllArrive,
    ] => "Active", true, "R R W", "payment 600, fee -60";

    s51_paused_on_demand: [
        Pays(Card::Good), AllArrive,
        Presses("pause", &[("type", "subscription"), ("bill_for[unused_time_from][type]", "none")]),
        AllArrive,
    ] => "Paused", false, "PA R W", "payment 300, fee -30";

    s52_who_resumes_with_a_failing_card_stays_paused: [
        Pays(Card::Good), AllArrive,
        Presses("pause", &[("type", "subscription"), ("bill_for[unused_time_from][type]", "none")]),
        AllArrive, CardFails,
        Presses("resume", &[("payment_behavior", "resume_on_payment_success")]), AllArrive,
    ] => "Paused", false, "PA PF R W", "payment 300, fee -30";

    s53_a_trial_ends_without_a_card: [
        OnTrial, Pays(Card::Good), AllArrive, TrialEndsWithoutCard,
        Arrives("customer.subscription.paused"),
    ] => "Paused", false, "PA W", "";
}
