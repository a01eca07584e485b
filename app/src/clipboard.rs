//! The clipboard, without a crate that could speak to a network.
/// Takes over what is copied and pasted in the window of `ctx`.
pub fn install(_ctx: &egui::Context) {}
