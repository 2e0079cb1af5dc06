//! What an author sees and does: dashboard, supporters, tiers, articles, comments, settings.

mod articles;
mod charts;
mod comment_rules;
mod comments;
mod dashboard;
mod exports;
mod grants;
mod numbers;
mod off_sale;
mod payments;
mod payouts;
mod pictures;
mod settings;
mod supporters;
mod tiers;
mod waiting;

/// The handlers, for the router's page.
pub mod routes {
    pub use super::{
        articles::{
            autosave, autosave_new, compare, leave as leave_article, list as articles,
            open as article, preview, publication, restore, save as save_article, save_new, start,
            test_notice, versions,
        },
        comment_rules::{
            appoint as add_moderator, dismiss as remove_moderator, lift as lift_ban,
            save as save_comment_rules, save_mail as save_comment_mail, show as comment_rules,
        },
        comments::list as comments,
        dashboard::show as dashboard,
        exports::{payments, statement, supporters as supporters_csv},
        grants::{end as end_grant, give, keep as keep_grant},
        off_sale::restore as restore_tier,
        payments::{give_back, list as payments_page, show as payment},
        payouts::{
            back as payouts_return, dashboard as payouts_dashboard, link as link_payouts,
            refresh as payouts_refresh, show as payouts, unlink as unlink_payouts,
        },
        pictures::{add as add_picture, cover, list as pictures},
        settings::{portrait, save as save_settings, show as settings},
        supporters::{
            add_label, add_note, delete_label, delete_note, list as supporters, person as supporter,
        },
        tiers::{
            archive as archive_tier, change as change_tier, create as create_tier, list as tiers,
            shift as move_tier,
        },
    };
}
