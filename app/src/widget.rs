//! Widgets of our own, between the panels and egui.
pub mod button;
pub mod diff;
pub mod label;
pub mod markdown;
