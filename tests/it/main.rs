//! Everything Plaudit promises, tried from outside: one binary, so that linking stays cheap.
//! Runs on SQLite, or on the PostgreSQL server that PLAUDIT_TEST_POSTGRES names.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by breaking off"
)]

mod support;

mod accounts;
mod admin;
mod articles;
mod authors;
mod chromium;
mod commands;
mod comments;
mod demo;
mod doors;
mod kept_pages;
mod look;
mod mail;
mod membership;
mod migrations;
mod notices;
mod readings;
mod sandbox;
mod stripe_sdk;
mod studio;
mod templates;
mod tidy;
mod writing;
