//! The journeys in a real browser, by what a person sees and presses.

mod axe;
mod driver;
mod keyboard;
mod mailbox;
mod pages;
mod patron;
mod window;

pub use window::Window;
