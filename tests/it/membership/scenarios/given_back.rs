//! Refunds, disputes and warnings, as Stripe's dashboard and the banks make them.

use plaudit::sandbox::stripe::Card;

use super::driver::Step::*;

scenarios! {
    s55_a_part_is_given_back: [
        Pays(Card::Good), AllArrive, Refunded(Some(100)), AllArrive,
    ] => "Active", true, "R RF W", "payment 300, refund -100, fee -30";

    s56_the_current_period_is_given_back: [
        Pays(Card::Good), AllArrive, Refunded(None), AllArrive, AllArrive,
    ] => "Suspended", false, "END R RF W", "payment 300, refund -300, fee -30";

    s56_in_two_parts: [
        Pays(Card::Good), AllArrive, Refunded(Some(100)), AllArrive, Refunded(None), AllArrive,
    ] => "Suspended", false, "END R RF RF W", "payment 300, refund -300, fee -30";

    s56_before_the_payment_is_known: [
        Pays(Card::Good), Refunded(None), Arrives("charge.refunded"),
    ] => "Suspended", false, "END R RF W", "payment 300, refund -300, fee -30";

    s56_given_back_after_its_period_was_over: [
        Pays(Card::FailsLater), AllArrive, MonthPasses, AllArrive, Refunded(None), AllArrive,
    ] => "Grace", true, "PF R RF W", "payment 300, refund -300, fee -30";

    s56_an_older_period_whose_renewal_is_not_known_yet: [
        Pays(Card::Good), AllArrive, Refunded(None), MonthPasses, Arrives("charge.refunded"),
        AllArrive,
    ] => "Active", true, "R R RF W", "payment 600, refund -300, fee -60";

    s59_one_refund_told_twice: [
        Pays(Card::Good), AllArrive, Refunded(Some(100)), Arrives("refund.created"),
        Arrives("charge.refunded"),
    ] => "Active", true, "R RF W", "payment 300, refund -100, fee -30";

    a_refund_that_fails_brings_the_money_back: [
        Pays(Card::Good), AllArrive, Refunded(Some(100)), AllArrive, RefundFails, AllArrive,
    ] => "Active", true, "R RF W", "payment 300, refund -100, refund failed 100, fee -30";

    s60_a_dispute_is_opened: [
        Pays(Card::Good), AllArrive, Disputed, AllArrive,
    ] => "Active", true, "ADM R W", "payment 300, dispute -300, fee -2030";

    s61_a_dispute_is_won: [
        Pays(Card::Good), AllArrive, Disputed, AllArrive,
        DisputeClosed { is_won: true }, AllArrive,
    ] => "Active", true, "ADM ADM R W", "payment 300, dispute 0, fee -2030";

    a_bank_asks_and_lets_it_be: [
        Pays(Card::Good), AllArrive, Asked, AllArrive, DisputeClosed { is_won: true }, AllArrive,
    ] => "Active", true, "ADM ADM R W", "payment 300, fee -30";

    a_bank_asks_and_then_disputes: [
        Pays(Card::Good), AllArrive, Asked, AllArrive, Disputed, AllArrive,
    ] => "Active", true, "ADM ADM R W", "payment 300, dispute -300, fee -2030";

    a_bank_asks_for_long_and_nobody_answers: [
        Pays(Card::Good), AllArrive, Asked, DaysPass(20), AllArrive,
    ] => "Active", true, "ADM R W", "payment 300, fee -30";

    a_dispute_is_lost: [
        Pays(Card::Good), AllArrive, Disputed, AllArrive,
        DisputeClosed { is_won: false }, AllArrive, AllArrive,
    ] => "Suspended", false, "ADM ADM END R W", "payment 300, dispute -300, fee -2030";

    s63_an_early_warning_of_fraud: [
        Pays(Card::Good), AllArrive, WarnedOfFraud, AllArrive,
    ] => "Active", true, "ADM R W", "payment 300, fee -30";

    a_tip_is_given_back: [
        Tips("500"), AllArrive, Refunded(None), AllArrive,
    ] => "", false, "R RF W", "payment 500, refund -500, fee -33";
}
