//! Opens the window and keeps it until the person closes it.
use std::path::PathBuf;

use egui::{Vec2, ViewportBuilder};
use engine::Engine;

use crate::{
    app::{App, AppOptions},
    clipboard::Clipboard,
    clock::system_clock,
    desktop::Desktop,
    models::Library,
    paths,
    state::Screen,
    trace::Frames,
};

/// The window's title; it never says what is in the journal.
pub const WINDOW_TITLE: &str = "Inglenook";

/// What the command line says about the window.
#[derive(Clone, Debug, Default)]
pub struct WindowOptions {
    /// The journal to open, if not the usual one.
    pub journal: Option<PathBuf>,
    /// The folder or file of the language model, if not where it is searched for.
    pub models: Option<PathBuf>,
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
#[error("failed to open a window: {0}")]
pub struct WindowError(String);

/// Runs the window until it is closed.
/// # Errors
/// When there is no display, or it can't be drawn on.
pub fn run(options: WindowOptions) -> Result<(), WindowError> {
    let viewport = ViewportBuilder::default()
        .with_title(WINDOW_TITLE)
        .with_app_id("inglenook")
        .with_inner_size(Vec2::new(1280.0, 840.0))
        .with_min_inner_size(Vec2::new(640.0, 480.0));
    let native = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    eframe::run_native(
        WINDOW_TITLE,
        native,
        Box::new(move |creation| {
            let app = App::new(&creation.egui_ctx, app_options(&creation.egui_ctx, options))?;
            Ok(Box::new(Window { app, frames: Frames::default() }))
        }),
    )
    .map_err(|error| WindowError(error.to_string()))
}

fn app_options(ctx: &egui::Context, options: WindowOptions) -> AppOptions {
    let waker = ctx.clone();
    AppOptions {
        journal: options.journal.unwrap_or_else(paths::default_journal),
        models: options.models,
        settings_file: paths::settings_file(),
        library: Library::of_user(),
        seen_folder: paths::seen_folder(),
        load_model: Box::new(|path| Ok(Box::new(Engine::load(path)?))),
        clock: system_clock(),
        clipboard: Clipboard::open(ctx),
        desktop: Desktop::watch(move || waker.request_repaint()).ok(),
        kdf_params: None,
    }
}

struct Window {
    app: App,
    frames: Frames,
}

impl eframe::App for Window {
    fn raw_input_hook(&mut self, ctx: &egui::Context, _input: &mut egui::RawInput) {
        self.app.between_passes(ctx);
    }

    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.app.logic(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        let screen = moment_of(&self.app.state().screen);
        self.frames.begin(ui.ctx(), screen, frame.info().cpu_usage);
        self.app.ui(ui);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

/// What `trace` calls the moment in which a screen is first shown.
fn moment_of(screen: &Screen) -> &'static str {
    match screen {
        Screen::Welcome(_) => "welcome-screen",
        Screen::Unlock(_) => "unlock-screen",
        Screen::Journal(_) => "journal-frame",
    }
}
