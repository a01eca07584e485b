//! The application: it owns the state and the workers, and alone changes what is stored.
use std::{collections::VecDeque, io, path::PathBuf, sync::mpsc::Receiver, time::Duration};

use jiff::civil::Date;
use vault::KdfParams;

use crate::{
    clipboard::{self, Clipboard},
    clock::{Clock, Moment},
    command::{self, Command},
    desktop::Desktop,
    event::Event,
    models::Library,
    settings::Settings,
    state::{Models, PassphraseForm, Screen, State},
    theme,
    worker::{
        EventSender, Worker,
        engine::{self as engine_worker, EngineJob, ModelLoader},
        models::{self as models_worker, ModelsJob, ModelsTask},
        vault::{self as vault_worker, InsightJob, KeepJob, VaultJob},
    },
};

mod commands;
mod deeper;
mod events;
mod insight;
mod keeping;
mod kept;
mod locking;
mod meaning;
mod models;
mod picking;
mod reflecting;
mod renewing;
mod saving;
mod view;
mod ways;

/// What the application is made of; tests bring their own.
pub struct AppOptions {
    /// The journal's file.
    pub journal: PathBuf,
    /// The folder or file of the language model, if the command line named one.
    pub models: Option<PathBuf>,
    /// The file of the settings.
    pub settings_file: PathBuf,
    /// Where models are kept, and where they are looked for.
    pub library: Library,
    /// The folder that remembers the newest state seen of each journal.
    pub seen_folder: PathBuf,
    /// Loads the language model.
    pub load_model: ModelLoader,
    /// Tells the time.
    pub clock: Clock,
    /// The desktop's clipboard, if it can be reached.
    pub clipboard: Option<Clipboard>,
    /// The desktop, whose lock locks the journal, if it can be watched.
    pub desktop: Option<Desktop>,
    /// Cost of a new journal's key derivation; chosen on this machine when `None`.
    pub kdf_params: Option<KdfParams>,
}

/// The application. No `Debug`: its state is the open journal.
pub struct App {
    state: State,
    // Before the workers: one that waits to report must not be waited for.
    inbox: Receiver<Event>,
    events: EventSender,
    vault: Worker<VaultJob>,
    engine: Worker<EngineJob>,
    model_files: Worker<ModelsJob>,
    clock: Clock,
    desktop: Option<Desktop>,
    /// When a key or the mouse was used last.
    last_input: Moment,
    /// When the clock was read last.
    last_seen: Moment,
    models: Option<PathBuf>,
    /// When the language model was at work last, if it may be in memory.
    model_used: Option<Duration>,
    settings_file: PathBuf,
    kdf_params: Option<KdfParams>,
    /// The window closes as soon as the journal is locked.
    closing: bool,
    /// egui still has to forget what it laid out.
    forget_due: bool,
    /// The engine still has to be told to drop its model.
    unload_due: bool,
    /// Jobs about what guards against loss that the vault still has to be told.
    keep_jobs: VecDeque<KeepJob>,
    /// Jobs about people and themes that the vault still has to be told.
    insight_jobs: VecDeque<InsightJob>,
    /// The day whose upkeep the vault was told to do.
    kept_up: Option<Date>,
    /// What the thread of the model files still has to be told.
    models_tasks: VecDeque<ModelsTask>,
    /// The ticket of the file picker's newest look.
    last_look: u64,
    /// The vault still has to be told to look for a model.
    find_model_due: bool,
    /// The vault still has to be told to write the settings.
    settings_due: bool,
}

impl App {
    /// The application in the window of `ctx`.
    /// # Errors
    /// When the system refuses the worker threads.
    pub fn new(ctx: &egui::Context, options: AppOptions) -> io::Result<Self> {
        let (events, inbox) = EventSender::new(ctx);
        let settings = Settings::load(&options.settings_file);
        theme::install(ctx);
        theme::apply(ctx, &settings);
        clipboard::install(ctx, options.clipboard);
        let now = (options.clock)();
        Ok(Self {
            state: State {
                screen: locked_screen(options.journal.exists(), &settings),
                settings_open: false,
                picker: None,
                models: Models::default(),
                settings,
                journal_path: options.journal,
                model: None,
                embedder: None,
                notice: None,
            },
            inbox,
            vault: vault_worker::spawn(events.clone(), options.seen_folder)?,
            model_files: models_worker::spawn(events.clone(), options.library)?,
            engine: engine_worker::spawn(events.clone(), options.load_model)?,
            events,
            clock: options.clock,
            desktop: options.desktop,
            last_input: now,
            last_seen: now,
            models: options.models,
            model_used: None,
            settings_file: options.settings_file,
            kdf_params: options.kdf_params,
            closing: false,
            forget_due: false,
            unload_due: false,
            keep_jobs: VecDeque::new(),
            insight_jobs: VecDeque::new(),
            kept_up: None,
            models_tasks: VecDeque::new(),
            last_look: 0,
            find_model_due: true,
            settings_due: false,
        })
    }

    /// What the window shows.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Takes what the workers report and does what is due; also while the window is hidden.
    pub fn logic(&mut self, ctx: &egui::Context) {
        while let Ok(event) = self.inbox.try_recv() {
            self.take(ctx, event);
        }
        let now = (self.clock)();
        self.lock_if_left(now);
        self.save_if_due(now);
        self.unload_if_idle(now);
        self.queue_due_jobs();
        self.advance_locking(ctx);
        self.close_if_asked(ctx);
        self.wake_later(ctx, now);
    }

    /// Draws the window, then carries out what the person wished for.
    pub fn ui(&mut self, ui: &mut egui::Ui) {
        let ctx = ui.ctx().clone();
        if ctx.input(|input| !input.events.is_empty()) {
            self.last_input = (self.clock)();
            self.stop_renewal();
        }
        let mut commands = command::pressed(&ctx);
        self.leave_out_covered(&mut commands);
        self.take_dropped(&ctx);
        view::ui(ui, &mut self.state, &mut commands);
        if commands.iter().any(Command::locks) {
            view::cover(ui);
        }
        let any = !commands.is_empty();
        for command in commands {
            self.carry_out(&ctx, command);
        }
        self.note_prompt();
        if self.note_edits() || any {
            ctx.request_repaint();
        }
        self.wake_later(&ctx, (self.clock)());
    }
}

impl Drop for App {
    /// The engine is waited for: what it writes is wanted no more.
    fn drop(&mut self) {
        self.stop_reflection();
    }
}

/// The screen of a journal that is not open.
fn locked_screen(exists: bool, settings: &Settings) -> Screen {
    if !exists {
        return Screen::Welcome(PassphraseForm::default());
    }
    let key_file = settings.key_file.as_ref().map(|path| path.display().to_string());
    Screen::Unlock(PassphraseForm {
        with_key_file: key_file.is_some(),
        key_file: key_file.unwrap_or_default(),
        ..PassphraseForm::default()
    })
}

/// What a person is told of an error of the vault: what happened, then what to do.
pub(crate) fn vault_problem(error: &vault::Error) -> String {
    use vault::Error;

    use crate::text::{text, text_with};
    match error {
        Error::WrongPassphrase => text("problem-wrong-passphrase"),
        Error::NotAVault(_) => text("problem-not-a-vault"),
        Error::Missing(_) => text("problem-missing"),
        Error::Exists(_) => text("problem-exists"),
        Error::NewerVersion { .. } => text("problem-newer"),
        Error::InUse => text("problem-in-use"),
        Error::Damaged { .. } => text("problem-damaged"),
        Error::NoSuchEntry => text("problem-no-such-entry"),
        Error::Full => text("problem-full"),
        Error::ReadOnly => text("problem-read-only"),
        other => text_with("problem-other", [("reason", other.to_string().into())]),
    }
}
