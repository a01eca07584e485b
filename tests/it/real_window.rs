//! The real window on a screen of its own: a person types, and what they typed is in the vault.
use std::time::Instant;

use tests::{
    binary::PASSPHRASE,
    display::{PATIENCE, RealWindow},
};
use vault::{Passphrase, Vault};

#[test]
fn what_is_typed_on_a_real_screen_is_in_the_vault() {
    let Some(window) = RealWindow::with_open_journal() else { return };
    window.until(
        || {
            window.write("Herons by the river. ");
            window.press(&["ctrl+s"]);
        },
        || has_saved(&window),
    );
    window.screen.take_picture("window");
    window.until(|| window.press(&["ctrl+l"]), || Vault::open(&window.home.journal()).is_ok());
    assert!(saved_text(&window).contains("Herons by the river."));
}

#[test]
fn a_kill_while_typing_without_a_pause_leaves_what_was_saved() {
    let Some(mut window) = RealWindow::with_open_journal() else { return };
    let mut typed = String::new();
    // Never still for as long as a pause takes: it is saved because too long went by.
    let end = Instant::now() + PATIENCE;
    while !has_saved(&window) {
        assert!(Instant::now() < end, "nothing is saved while typing");
        window.focus();
        window.screen.xdotool(&["type", "--delay", "30", "rain on the roof "]);
        typed.push_str("rain on the roof ");
    }
    window.screen.xdotool(&["type", "--delay", "30", "and lost "]);
    window.program.kill();
    let text = saved_text(&window);
    assert!(text.starts_with("rain on the roof"), "the beginning is lost");
    assert!(typed.starts_with(&text), "what is saved was not typed so");
}

#[test]
fn what_was_copied_is_taken_back_by_itself_and_by_a_lock() {
    let Some(window) = RealWindow::with_open_journal() else { return };
    let copy = || window.press(&["ctrl+a", "ctrl+c"]);
    window.write("Only for a while. ");
    assert!(!window.screen.offers_a_text());
    window.until(copy, || window.screen.offers_a_text());
    // After half a minute: nothing is pressed meanwhile.
    window.until(|| (), || !window.screen.offers_a_text());
    window.until(copy, || window.screen.offers_a_text());
    window.press(&["ctrl+l"]);
    window.until(|| (), || Vault::open(&window.home.journal()).is_ok());
    window.until(|| (), || !window.screen.offers_a_text());
}

fn has_saved(window: &RealWindow) -> bool {
    window.has_shown("saved")
}

fn saved_text(window: &RealWindow) -> String {
    let vault = Vault::open(&window.home.journal()).unwrap();
    let session = vault.unlock(&Passphrase::new(PASSPHRASE)).unwrap();
    session.entry(session.ids()[0]).unwrap().content.text
}
