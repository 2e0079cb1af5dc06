//! Plaudit: reader support and patron memberships for a publication of many authors.

pub mod clock;
pub mod config;
pub mod db;
pub mod entities;
pub mod money;
pub mod telemetry;
