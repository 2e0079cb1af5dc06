//! Plaudit: reader support and patron memberships for a publication of many authors.
//!
//! In reading order, from the ways in down to the floor:

#![recursion_limit = "256"]

pub mod cli;
pub mod doors;
/// Every URL on one page, then the layers.
pub mod router;
pub mod server;
pub mod worker;

pub mod admin;
pub mod studio;

pub mod articles;
pub mod sandbox;

pub mod comments;
pub mod notices;

pub mod membership;

pub mod authors;

pub mod accounts;

pub mod app;
pub mod clock;
pub mod config;
pub mod db;
pub mod entities;
pub mod house;
pub mod mail;
pub mod media;
pub mod money;
pub mod payments;
pub mod render;
pub mod slugs;
pub mod telemetry;
pub mod tidying;
pub mod web;
