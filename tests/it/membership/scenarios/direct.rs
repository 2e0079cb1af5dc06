//! An author who is paid directly: what follows a payment takes back what was sent on, to the cent.

use plaudit::sandbox::stripe::Card;

use super::driver::Step::*;

scenarios! {
    paid_directly: [
        Links("85.5"), Pays(Card::Good), AllArrive,
    ] => "Active", true, "R W", "payment 300, fee -30, transfer -256";

    a_part_of_what_was_paid_directly_is_given_back: [
        Links("85.5"), Pays(Card::Good), AllArrive, Refunded(Some(101)), AllArrive,
    ] => "Active", true, "R RF W", "payment 300, refund -101, fee -30, transfer -171";

    a_part_of_what_was_paid_directly_with_tax_is_given_back: [
        Links("85.5"), Pays(Card::Good), Taxed(48), AllArrive, Refunded(Some(101)), AllArrive,
    ] => "Active", true, "R RF W", "payment 300, refund -101, fee -30, transfer -142";

    all_of_what_was_paid_directly_with_tax_is_given_back: [
        Links("85.5"), Pays(Card::Good), Taxed(48), AllArrive, Refunded(None), AllArrive,
    ] => "Suspended", false, "END R RF W", "payment 300, refund -300, fee -30, transfer 0";

    a_dispute_of_what_was_paid_directly_is_won: [
        Links("85.5"), Pays(Card::Good), AllArrive, Disputed, AllArrive,
        DisputeClosed { is_won: true }, AllArrive,
    ] => "Active", true, "ADM ADM R W", "payment 300, dispute 0, fee -2030, transfer -256";

    a_dispute_of_what_was_paid_directly_is_lost: [
        Links("85.5"), Pays(Card::Good), AllArrive, Disputed, AllArrive,
        DisputeClosed { is_won: false }, AllArrive, AllArrive,
    ] => "Suspended", false, "ADM ADM END R W", "payment 300, dispute -300, fee -2030, transfer 0";

    an_account_comes_loose_and_the_next_invoice_is_not_lost: [
        Links("85.5"), Pays(Card::Good), AllArrive, ComesLoose, AllArrive, MonthPasses, AllArrive,
    ] => "Active", true, "ADM R R W", "payment 600, fee -60, transfer -256";
}
