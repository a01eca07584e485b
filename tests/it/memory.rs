//! After a lock, all memory of the running program holds no key, no passphrase and no text.
use std::{
    fs,
    rc::Rc,
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
/// Typed in place of the passphrase.
const WRONG: &str = "vermillion porcupine staplegun";
/// Typed into a new entry.
const TYPED: &str =
    "Nobody must know that I dropped grandfather's chronometer into the Wensleydale canal. ";
/// Typed after it, and undone.
const UNDONE: &str = "Perhaps the otters found it anyway.";
/// Typed into the search box: finds the second entry.
const SEARCHED: &str = "brambleforge saxifrage";

/// Named by the first entry, in lower case as only the vocabulary of names has it.
const NAMED: &str = "wensleydale";

/// A lock must be over after this. One look takes seconds on a busy machine, and so does a step of the
/// model without optimisation.
const LOCK: Duration = Duration::from_secs(120);

#[test]
fn a_locked_program_holds_nothing_of_the_journal() {
    let Some(watched) = Watched::begin() else { return };
    let window = &watched.window;
    window.press(&["ctrl+a"]);
    window.write(WRONG);
    window.press(&["Return"]);
    window.until(|| (), || window.has_shown("key-derived"));
    window.unlock();
    watched.use_everything();
    let open = watched.find();
    println!("unlocked:\n{open}");
    for name in ["keys", "typed", "undone", "stored 0", "stored 1", "searched"] {
        assert!(open.has(name), "{name} is not found while the journal is unlocked");
    }
    assert!(open.is_locked("keys"), "a key lies where it can be swapped out");
    for name in ["passphrase", "wrong passphrase"] {
        assert!(!open.has(name), "{name} is found while the journal is unlocked");
    }
    window.until(|| window.press(&["ctrl+l"]), || watched.is_locked());
    watched.holds_nothing();

    // In the middle of a reflection on an entry that was found.
    window.unlock();
    window.press(&["ctrl+f"]);
    window.write(SEARCHED);
    window.until(|| window.press(&["Return"]), || watched.find().has("stored 1"));
    window.press(&["ctrl+Return", "ctrl+shift+l"]);
    window.until(|| (), || watched.is_locked());
    watched.holds_nothing();
}

#[test]
fn a_window_out_of_sight_locks_with_the_desktop_and_holds_nothing() {
    let Some(watched) = Watched::begin() else { return };
    let window = &watched.window;
    window.unlock();
    window.write(TYPED);
    window.until(|| window.press(&["ctrl+s"]), || watched.has_saved());
    let _cover = RealWindow::beside(Rc::clone(&window.screen), Home::with_journal(), &[]);
    assert!(watched.find().has("typed"));
    window.screen.save();
    window.until(|| (), || watched.is_locked());
    watched.holds_nothing();
}

/// A window whose memory is searched.
struct Watched {
    window: RealWindow,
    wanted: Wanted,
    has_model: bool,
}

impl Watched {
    /// None, with a printed line, where something is missing.
    fn begin() -> Option<Self> {
        let home = Home::empty();
        let keys = journal(&home);
        let models = folder("INGLENOOK_MODELS", "models");
        let environment = models.iter().map(|folder| ("INGLENOOK_MODELS", folder.as_os_str()));
        let window = RealWindow::on(home, &environment.collect::<Vec<_>>())?;
        let wanted = wanted(&keys).without_those_in(window.program.id());
        if wanted.is_none() {
            println!("memory: left out, only root reads the memory of a program that forbids it");
        }
        Some(Self { window, wanted: wanted?, has_model: models.is_some() })
    }

    fn find(&self) -> Found {
        self.wanted.find_in(self.window.program.id()).unwrap()
    }

    fn is_locked(&self) -> bool {
        Vault::open(&self.window.home.journal()).is_ok()
    }

    fn has_saved(&self) -> bool {
        let log = self.window.home.path("journal.inglenook-wal");
        fs::metadata(log).is_ok_and(|log| log.len() > 0)
    }

    /// Fails with what is left in memory after a while.
    fn holds_nothing(&self) {
        let begun = Instant::now();
        loop {
            let found = self.find();
            if found.is_empty() {
                println!("nothing is left, {:.1} s after the lock", begun.elapsed().as_secs_f32());
                return;
            }
            assert!(begun.elapsed() < LOCK, "after the lock there is still\n{found}");
            std::thread::park_timeout(Duration::from_millis(100));
        }
    }

    /// What a person does in an evening.
    fn use_everything(&self) {
        let window = &self.window;
        window.write(TYPED);
        window.press(&["ctrl+a", "ctrl+c", "Right", "ctrl+v", "ctrl+s"]);
        // egui makes a point to go back to after a second without a change.
        std::thread::park_timeout(Duration::from_millis(1500));
        window.write(UNDONE);
        window.press(&["ctrl+z"]);
        if self.has_model {
            window.press(&["ctrl+Return"]);
            window.until(|| (), || window.has_shown("reflection-ended"));
        } else {
            println!("memory: without a reflection, there is no model");
        }
        // What the entries name is on the screen once it is found.
        window.press(&["ctrl+p"]);
        window.until(|| (), || window.has_shown("insight-shown"));
        window.press(&["ctrl+f"]);
        window.write(SEARCHED);
        window.until(|| (), || window.has_shown("search "));
        window.screen.take_picture("memory-unlocked");
    }
}

/// Makes a journal with entries, and tells its keys.
fn journal(home: &Home) -> Vec<[u8; 32]> {
    let passphrase = Passphrase::new(PASSPHRASE);
    let mut session = Vault::create(&home.journal(), &passphrase, KdfParams::FLOOR).unwrap();
    let contents = STORED.map(|text| {
        let date = "2026-03-01".parse().unwrap();
        Content { text: text.to_owned(), ..Content::new(date) }
    });
    // So many more that unlocking takes threads of its own.
    let filler = (0..60).map(|number| {
        let date = "2026-03-02".parse().unwrap();
        Content { text: format!("{number}{}", "x".repeat(20_000)), ..Content::new(date) }
    });
    let contents = contents.into_iter().chain(filler).collect::<Vec<_>>();
    session.import(&contents).unwrap();
    Session::close(session).unwrap();
    key_bytes::of_vault(&home.journal(), PASSPHRASE)
}

fn wanted(keys: &[[u8; 32]]) -> Wanted {
    let texts = Wanted::default()
        .text("passphrase", PASSPHRASE)
        .text("wrong passphrase", WRONG)
        .text("typed", TYPED)
        .text("undone", UNDONE)
        .text("searched", SEARCHED)
        .text("named", NAMED)
        .text("stored 0", STORED[0])
        .text("stored 1", STORED[1]);
    keys.iter().fold(texts, |wanted, key| wanted.bytes("keys", key.to_vec()))
}
