//! The commands, run as the operator runs them.

mod backup;
mod check;
mod events;
mod serving;
mod speaking;
