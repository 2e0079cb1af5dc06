//! Ends: booked, taken back, come; and late news of them.

use plaudit::sandbox::stripe::Card;

use super::driver::Step::*;

scenarios! {
    s44_a_booked_end: [
        Pays(Card::Good), AllArrive, Cancels, AllArrive,
    ] => "Cancelling", true, "CX R W", "payment 300, fee -30";

    s45_a_booked_end_is_taken_back: [
        Pays(Card::Good), AllArrive, Cancels, AllArrive, Uncancels, AllArrive,
    ] => "Active", true, "CX R RS W", "payment 300, fee -30";

    s47_the_end_comes_though_stripe_is_late: [
        Pays(Card::Good), AllArrive, Cancels, AllArrive, MonthPasses,
    ] => "Cancelling", false, "CX R W", "payment 300, fee -30";

    s47_the_end_is_confirmed: [
        Pays(Card::Good), AllArrive, Cancels, AllArrive, MonthPasses, AllArrive,
    ] => "Ended", false, "CX END R W", "payment 300, fee -30";

    s48_ended_at_once: [
        Pays(Card::Good), AllArrive, EndedAtStripe, AllArrive,
    ] => "Ended", false, "END R W", "payment 300, fee -30";

    s49_an_end_amid_the_period: [
        Pays(Card::Good), AllArrive, EndsIn(10), Arrives("customer.subscription.updated"),
        DaysPass(9),
    ] => "Cancelling", true, "CX R W", "payment 300, fee -30";

    s49_access_ends_on_that_day: [
        Pays(Card::Good), AllArrive, EndsIn(10), Arrives("customer.subscription.updated"),
        DaysPass(11), AllArrive,
    ] => "Ended", false, "CX END R W", "payment 300, fee -30";
}
