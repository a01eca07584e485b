//! After a lock, all memory of the running program holds no key, no passphrase and no text.
use std::{
    path::Path,
    time::{Duration, Instant},
};

use tests::{
    binary::{Home, PASSPHRASE, folder},
    display::RealWindow,
    key_bytes,
    memory_image::{Found, Wanted},
};
use vault::{Content, KdfParams, Passphrase, Session, Vault};

/// Entries that lie in the journal already.
const STORED: [&str; 2] = [
    "Grandmother's quillworth recipe burned on Tuesday, and Leopold laughed until the kettle boiled over.",
    "Walked to Brambleforge with Marguerite; she said the saxifrage had never been so late before.",
];
/// Typed into a new entry.
const TYPED: &str =
    "Nobody must know that I dropped grandfather's chronometer into the Wensleydale canal. ";
/// Typed after it, and undone.
const UNDONE: &str = "Perhaps the otters found it anyway.";
/// Typed into the search box: finds the second entry.
const SEARCHED: &str = "brambleforge saxifrage";

/// A lock must be over after this.
const LOCK: Duration = Duration::from_secs(20);

#[test]
fn a_locked_program_holds_nothing_of_the_journal() {
    let home = Home::empty();
    let keys = journal(&home);
    let models = folder("INGLENOOK_MODELS", "models");
    let environment = models.iter().map(|folder| ("INGLENOOK_MODELS", folder.as_os_str()));
    let environment: Vec<_> = environment.collect();
    let Some(window) = RealWindow::on(home, &environment) else { return };
    let Some(wanted) = wanted(&keys).without_those_in(window.program.id()) else {
        println!("memory: left out, only root can read the memory of a program that forbids it");
        return;
    };
    let find = || wanted.find_in(window.program.id());

    use_everything(&window, models.as_deref());
    let open = find().unwrap();
    println!("unlocked:\n{open}");
    for name in ["keys", "typed", "undone", "stored 0", "stored 1", "searched"] {
        assert!(open.has(name), "{name} is not found while the journal is unlocked");
    }

    let left = lock(&window, &find);
    assert!(left.is_empty(), "after the lock there is still\n{left}");
}

/// Makes a journal with entries, and tells its keys.
fn journal(home: &Home) -> Vec<[u8; 32]> {
    let passphrase = Passphrase::new(PASSPHRASE);
    let mut session = Vault::create(&home.journal(), &passphrase, KdfParams::FLOOR).unwrap();
    let contents = STORED.map(|text| {
        let date = "2026-03-01".parse().unwrap();
        Content { text: text.to_owned(), ..Content::new(date) }
    });
    session.import(&contents).unwrap();
    Session::close(session).unwrap();
    key_bytes::of_vault(&home.journal(), PASSPHRASE)
}

fn wanted(keys: &[[u8; 32]]) -> Wanted {
    let texts = Wanted::default()
        .text("passphrase", PASSPHRASE)
        .text("typed", TYPED)
        .text("undone", UNDONE)
        .text("searched", SEARCHED)
        .text("stored 0", STORED[0])
        .text("stored 1", STORED[1]);
    keys.iter().fold(texts, |wanted, key| wanted.bytes("keys", key.to_vec()))
}

/// What a person does in an evening.
fn use_everything(window: &RealWindow, models: Option<&Path>) {
    window.unlock();
    window.write(TYPED);
    // egui makes a point to go back to after a second without a change.
    std::thread::park_timeout(Duration::from_millis(1500));
    window.press(&["ctrl+a", "ctrl+c", "Right", "ctrl+v", "ctrl+s"]);
    std::thread::park_timeout(Duration::from_millis(1500));
    window.write(UNDONE);
    window.press(&["ctrl+z"]);
    if models.is_some() {
        window.press(&["ctrl+Return"]);
        window.until(|| (), || window.has_shown("generated"));
    } else {
        println!("memory: without a reflection, there is no model");
    }
    window.press(&["ctrl+f"]);
    window.write(SEARCHED);
    window.until(|| (), || window.has_shown("search "));
    window.screen.take_picture("memory-unlocked");
}

/// Locks, and tells what is left in memory.
fn lock(window: &RealWindow, find: &dyn Fn() -> Option<Found>) -> Found {
    window.until(|| window.press(&["ctrl+l"]), || Vault::open(&window.home.journal()).is_ok());
    let begun = Instant::now();
    loop {
        let found = find().unwrap();
        if found.is_empty() || begun.elapsed() > LOCK {
            println!("searched again and again for {:.1} s", begun.elapsed().as_secs_f32());
            return found;
        }
        std::thread::park_timeout(Duration::from_millis(100));
    }
}
