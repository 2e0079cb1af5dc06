//! Gifts: paid at once or days later, given back, lost.

use plaudit::sandbox::stripe::Card;

use super::driver::Step::*;

scenarios! {
    a_gift_is_paid: [
        Gives(Card::Good), AllArrive,
    ] => "", false, "GB R", "payment 1800, fee -52";

    a_gift_from_a_bank_account_waits_for_the_money: [
        Gives(Card::BankPays), AllArrive,
    ] => "", false, "", "";

    a_gift_from_a_bank_account_is_paid: [
        Gives(Card::BankPays), AllArrive, MinutesPass(4), AllArrive,
    ] => "", false, "GB R", "payment 1800, fee -52";

    a_gift_from_a_bank_account_is_refused: [
        Gives(Card::BankRefuses), AllArrive, MinutesPass(4), AllArrive,
    ] => "", false, "PF", "";

    a_gift_is_given_back: [
        Gives(Card::Good), AllArrive, Refunded(None), AllArrive,
    ] => "", false, "GB R RF", "payment 1800, refund -1800, fee -52";

    a_gift_is_disputed_and_lost: [
        Gives(Card::Good), AllArrive, Disputed, AllArrive,
        DisputeClosed { is_won: false }, AllArrive,
    ] => "", false, "ADM ADM GB R", "payment 1800, dispute -1800, fee -2052";
}
