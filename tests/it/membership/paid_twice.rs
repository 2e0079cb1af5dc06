//! Who pays twice and ends the later herself.

use plaudit::entities::membership::State;

use super::world::World;

#[tokio::test]
async fn whoever_pays_twice_ends_the_later_herself_and_has_its_money_back() {
    let world = World::new().await;
    let duplicate = world.pays_twice().await;
    let hers = format!("/account/memberships/{}", duplicate.id);
    let account = world.browser.get("/account").await;
    account
        .says("End this one and have its money back")
        .does_not_say(&format!("{hers}/tier"));
    let tier = world.browser.get(&format!("{hers}/tier")).await;
    tier.says("so it is not changed")
        .does_not_say("Choose Patron");
    let page = world.browser.submit(&format!("{hers}/cancel"), &[]).await;
    page.says("what you paid for it goes back to you")
        .does_not_say("End this one");
    world.all_arrive().await;
    let rows = world.memberships().await;
    let current: Vec<State> = rows
        .iter()
        .filter(|row| row.is_current)
        .map(|row| row.state)
        .collect();
    assert_eq!(current, [State::Active]);
    assert!(rows.iter().all(|row| row.cancel_at.is_none()));
    assert_eq!(world.ledger().await, "payment 600, refund -300, fee -60");
    // No letter says that she leaves, to her or to the author.
    assert_eq!(world.mails().await, "ADM END R R RF W");
    let owner = world.app.the_owner().await;
    let log = owner.get("/admin/audit?q=ann").await;
    log.says(">Ann</bdi>");
    // Pressed again it gives nothing back.
    world.browser.post(&format!("{hers}/cancel"), &[]).await;
    assert_eq!(world.ledger().await, "payment 600, refund -300, fee -60");
}
