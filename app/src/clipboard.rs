//! The clipboard, without a crate that could speak to a network.
pub fn install(_ctx: &egui::Context) {}
