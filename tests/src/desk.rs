//! A person's desk: a journal in a folder of its own, and the window on it, without a screen.
use std::{
    cell::Cell,
    fs,
    path::{Path, PathBuf},
    rc::Rc,
    sync::{Arc, mpsc::SyncSender},
    time::{Duration, Instant},
};

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::{Harness, kittest::Queryable};
use inglenook::{
    app::{App, AppOptions},
    clipboard::Clipboard,
    clock::Moment,
    desktop::Desktop,
    models::Library,
    state::{Journal, Screen},
    worker::engine::ModelLoader,
};
use tempfile::TempDir;
use vault::KdfParams;

/// The passphrase of every desk.
pub const PASSPHRASE: &str = "copper lantern mossy bicycle";

/// The least that a key derivation may cost: tests are many.
const CHEAP: KdfParams = KdfParams { memory_kib: 8 * 1024, passes: 1, lanes: 1 };
/// The window, in points.
const SIZE: egui::Vec2 = egui::vec2(1280.0, 840.0);
/// A worker that has not answered after this never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// The window of a journal in a folder of its own.
pub struct Desk {
    harness: Harness<'static, Seat>,
    now: Rc<Cell<Moment>>,
    lock_desktop: SyncSender<()>,
    folder: TempDir,
}

/// The app is made in the first pass, when there is a context.
struct Seat {
    options: Option<AppOptions>,
    app: Option<App>,
}

impl Desk {
    /// A desk without a journal and without a model.
    #[must_use]
    pub fn new() -> Self {
        Self::with(None, None)
    }

    /// A desk with a model.
    #[must_use]
    pub fn with_model(load_model: ModelLoader) -> Self {
        Self::with(Some(load_model), None)
    }

    /// A desk with a clipboard.
    #[must_use]
    pub fn with_clipboard(clipboard: Clipboard) -> Self {
        Self::with(None, Some(clipboard))
    }

    fn with(load_model: Option<ModelLoader>, clipboard: Option<Clipboard>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let models = folder.path().join("models");
        fs::create_dir(&models).unwrap();
        if load_model.is_some() {
            fs::write(models.join("script.gguf"), "").unwrap();
        }
        let (desktop, lock_desktop) = Desktop::with_end();
        let now = Rc::new(Cell::new(Moment::default()));
        let clock = Rc::clone(&now);
        let options = AppOptions {
            journal: folder.path().join("journal.inglenook"),
            models: Some(models),
            settings_file: folder.path().join("settings.json"),
            library: Library {
                list: folder.path().join("models.json"),
                folder: folder.path().join("copied"),
                home: folder.path().join("home"),
                downloads: folder.path().join("downloads"),
            },
            seen_folder: folder.path().join("seen"),
            load_model: load_model.unwrap_or_else(|| crate::script::model("")),
            clock: Box::new(move || clock.get()),
            clipboard,
            desktop: Some(desktop),
            kdf_params: Some(CHEAP),
        };
        let seat = Seat { options: Some(options), app: None };
        let harness = Harness::builder()
            .with_size(SIZE)
            .build_ui_state(|ui, seat: &mut Seat| seat.pass(ui), seat);
        Self { harness, now, lock_desktop, folder }
    }

    /// A desk whose journal is open, a new entry before the person.
    #[must_use]
    pub fn unlocked(mut self) -> Self {
        self.type_into("Choose a passphrase", PASSPHRASE);
        self.type_into("Type it once more", PASSPHRASE);
        self.click("Create journal");
        self.settle("the journal opens", |app| journal(app).is_some());
        self.look_around();
        self
    }

    /// The application.
    #[must_use]
    pub fn app(&self) -> &App {
        self.harness.state().app.as_ref().unwrap()
    }

    /// The open journal.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        journal(self.app()).unwrap()
    }

    /// Sends an event of the system.
    pub fn send(&mut self, event: egui::Event) {
        self.harness.event(event);
        self.step();
    }

    /// A file of this desk's folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Drops a file onto the window.
    pub fn drop_file(&mut self, path: &Path) {
        self.drop_files(&[path]);
    }

    /// Drops files onto the window, all at once.
    pub fn drop_files(&mut self, paths: &[&Path]) {
        let dropped = &mut self.harness.input_mut().dropped_files;
        for path in paths {
            dropped.push(Arc::new(Dropped((*path).to_owned())));
        }
        self.step();
    }

    /// Shows a folder in the open file picker, or picks the file at this path.
    pub fn go_to(&mut self, path: &Path) {
        self.type_over("Name or path", path.to_str().unwrap());
        self.press(Modifiers::NONE, Key::Enter);
        self.settle("it is looked at", |app| {
            app.state().picker.as_ref().is_none_or(|picker| !picker.is_reading)
        });
    }

    /// What the field of this name holds.
    #[must_use]
    pub fn value_of(&self, label: &str) -> String {
        self.harness.get_by_label(label).value().unwrap_or_default()
    }

    /// The journal's file.
    #[must_use]
    pub fn journal_file(&self) -> PathBuf {
        self.folder.path().join("journal.inglenook")
    }

    /// One pass.
    pub fn step(&mut self) {
        self.harness.step();
    }

    /// Lets time pass.
    pub fn pass(&mut self, time: Duration) {
        let now = self.now.get();
        self.now.set(Moment { awake: now.awake + time, elapsed: now.elapsed + time });
        self.step();
    }

    /// Lets the machine sleep.
    pub fn sleep(&mut self, time: Duration) {
        let now = self.now.get();
        self.now.set(Moment { elapsed: now.elapsed + time, ..now });
        self.step();
    }

    /// Locks the desktop.
    pub fn lock_desktop(&mut self) {
        self.lock_desktop.send(()).unwrap();
        self.step();
    }

    /// Passes until `is_so`; fails with `what` when that never comes.
    pub fn settle(&mut self, what: &str, is_so: impl Fn(&App) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_so(self.app()) {
            assert!(Instant::now() < end, "waited too long until {what}");
            std::thread::yield_now();
            self.step();
        }
        self.step();
    }

    /// Lets the pause after the last edit pass, and waits until all is on disk.
    pub fn wait_for_save(&mut self) {
        self.pass(inglenook::autosave::PAUSE);
        self.settle("all is saved", |app| {
            journal(app)
                .is_some_and(|journal| journal.save_status() == inglenook::state::SaveStatus::Saved)
        });
    }

    /// Whether some widget has this name.
    #[must_use]
    pub fn shows(&self, label: &str) -> bool {
        self.harness.query_by_label(label).is_some()
    }

    /// Whether the name of some widget has this in it.
    #[must_use]
    pub fn shows_some(&self, part: &str) -> bool {
        self.harness.query_all_by_label_contains(part).next().is_some()
    }

    /// Clicks the widget of this name once it rests where it is; one that is scrolled out of sight as a screen
    /// reader does.
    pub fn click(&mut self, label: &str) {
        let mut place = self.harness.get_by_label(label).rect();
        loop {
            self.step();
            let next = self.harness.get_by_label(label).rect();
            if next == place {
                break;
            }
            place = next;
        }
        let node = self.harness.get_by_label(label);
        let window = egui::Rect::from_min_size(egui::Pos2::ZERO, SIZE);
        match window.contains_rect(node.rect()) {
            true => node.click(),
            false => node.click_accesskit(),
        }
        self.step();
        self.step();
    }

    /// Types into the field of this name.
    pub fn type_into(&mut self, label: &str, text: &str) {
        self.harness.get_by_label(label).focus();
        self.step();
        self.harness.get_by_label(label).type_text(text);
        self.step();
    }

    /// Types over what is in the field of this name.
    pub fn type_over(&mut self, label: &str, text: &str) {
        self.harness.get_by_label(label).focus();
        self.step();
        self.press(Modifiers::COMMAND, Key::A);
        self.type_into(label, text);
    }

    /// Writes into the open entry.
    pub fn write(&mut self, text: &str) {
        self.type_into("Text of the entry", text);
    }

    /// Clicks the widget whose name has this in it.
    pub fn click_some(&mut self, part: &str) {
        self.harness.get_by_label_contains(part).click();
        self.step();
        self.step();
    }

    /// Clicks the widget of this name twice, so fast that it is a double click.
    pub fn double_click(&mut self, label: &str) {
        let pos = self.harness.get_by_label(label).rect().center();
        let (button, modifiers) = (egui::PointerButton::Primary, Modifiers::NONE);
        let events = &mut self.harness.input_mut().events;
        events.push(egui::Event::PointerMoved(pos));
        for pressed in [true, false, true, false] {
            events.push(egui::Event::PointerButton { pos, button, pressed, modifiers });
        }
        self.step();
        self.step();
    }

    /// Clicks the last widget whose name has this in it.
    pub fn click_last(&mut self, part: &str) {
        self.harness.query_all_by_label_contains(part).last().unwrap().click();
        self.step();
        self.step();
    }

    /// Clicks the entry of the list, or of what was found, that shows this; waits until it is open.
    pub fn open(&mut self, heading: &str) {
        let shows = |label: String| label.contains(heading);
        self.harness
            .get_by(|node| node.role() == Role::ListItem && node.label().is_some_and(shows))
            .click();
        self.step();
        self.settle("the entry opens", |app| {
            journal(app).is_some_and(|journal| journal.opening.is_none())
        });
    }

    /// Whether the last pass asked for another at once.
    #[must_use]
    pub fn wants_to_draw(&self) -> bool {
        let outputs = &self.harness.output().viewport_output;
        outputs.values().any(|output| output.repaint_delay.is_zero())
    }

    /// What the last pass handed to the system.
    #[must_use]
    pub fn handed_out(&self) -> &[egui::OutputCommand] {
        &self.harness.output().platform_output.commands
    }

    /// Fails unless every control in sight has a name.
    pub fn check_names(&mut self) {
        self.step();
        self.harness.check_accessibility();
    }

    /// Presses a key.
    pub fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.step();
        self.step();
    }

    /// Presses a key, and stays in the pass that sees it.
    pub fn press_once(&mut self, modifiers: Modifiers, key: Key) {
        let (physical_key, pressed, repeat) = (None, true, false);
        self.send(egui::Event::Key { key, physical_key, pressed, repeat, modifiers });
    }

    /// What the last pass asked of the window.
    #[must_use]
    pub fn window_commands(&self) -> Vec<egui::ViewportCommand> {
        let outputs = &self.harness.output().viewport_output;
        outputs.values().flat_map(|output| output.commands.clone()).collect()
    }

    /// Whether the last pass drew one colour over everything, above all else.
    #[must_use]
    pub fn is_covered(&self) -> bool {
        let last = self.harness.output().shapes.last();
        let whole = self.harness.ctx.content_rect();
        matches!(last.map(|shape| &shape.shape), Some(egui::Shape::Rect(cover))
            if cover.rect == whole && cover.fill.is_opaque())
    }

    /// Locks, and waits until the journal is locked.
    pub fn lock(&mut self) {
        self.press(Modifiers::COMMAND, Key::L);
        self.settle("the journal locks", is_locked);
    }

    /// Unlocks with a passphrase and waits for the answer.
    pub fn unlock(&mut self, passphrase: &str) {
        self.type_into("Passphrase", passphrase);
        self.press(Modifiers::NONE, Key::Enter);
        self.settle("the vault answers", |app| match &app.state().screen {
            Screen::Unlock(form) => !form.busy,
            Screen::Welcome(_) | Screen::Journal(_) => true,
        });
        self.look_around();
    }

    /// Waits until all that comes after the opening is in its place: what is shown moves no more.
    pub fn look_around(&mut self) {
        self.settle("its ways to unlock are known", |app| {
            journal(app).is_none_or(|journal| !journal.keeping.ways.slots.is_empty())
        });
    }
}

/// A file as it is dropped onto a window.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        fs::read(&self.0).map_err(|error| error.to_string())
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

impl Seat {
    /// What eframe does in a pass.
    fn pass(&mut self, ui: &mut egui::Ui) {
        let ctx = ui.ctx().clone();
        if let Some(options) = self.options.take() {
            self.app = Some(App::new(&ctx, options).unwrap());
        }
        let app = self.app.as_mut().unwrap();
        app.logic(&ctx);
        app.ui(ui);
    }
}

/// The open journal, if it is open.
#[must_use]
pub fn journal(app: &App) -> Option<&Journal> {
    match &app.state().screen {
        Screen::Journal(journal) => Some(journal),
        Screen::Welcome(_) | Screen::Unlock(_) => None,
    }
}

/// Whether the journal is locked.
#[must_use]
pub fn is_locked(app: &App) -> bool {
    matches!(app.state().screen, Screen::Unlock(_))
}
