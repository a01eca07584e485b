//! The clipboard: what is copied and pasted goes through us, not through a crate that could speak
//! to a network.
//!
//! egui's own bridge keeps one text inside the window when it is built without a clipboard. It is
//! given a mark in place of the text: a paste of the mark means that the person pasted, and the
//! real clipboard is asked. Without one (under Wayland, or on other systems) the bridge keeps the
//! text, and copying works within the window.
use std::sync::{
    Arc, Mutex, PoisonError,
    mpsc::{Receiver, SyncSender, sync_channel},
};

use egui::{Event, OutputCommand, Plugin};
use zeroize::Zeroizing;

#[cfg(target_os = "linux")]
pub(crate) mod x11;

/// What stands for the clipboard's text inside the window: a character of no writing system.
const MARK: &str = "\u{f8d0}";
/// Copies and pastes that wait for the clipboard's thread.
const QUEUED: usize = 8;

/// Takes over copying and pasting in the window of `ctx`. Selected text is never published.
pub fn install(ctx: &egui::Context, clipboard: Option<Clipboard>) {
    ctx.add_plugin(Bridge { clipboard, marked: false });
}

/// Keeps nothing of what was copied and pasted, and takes back what is still offered to others.
pub fn forget(ctx: &egui::Context) {
    let is_served = ctx.with_plugin(|bridge: &mut Bridge| match &bridge.clipboard {
        // A full queue ends in a paste or a copy, whose connection is closed with the window.
        Some(clipboard) => clipboard.jobs.try_send(ClipboardJob::Forget).is_ok(),
        None => false,
    });
    if is_served != Some(true) {
        // egui's own bridge, which keeps one text, is given another.
        ctx.copy_text(MARK.to_owned());
    }
}

/// What the clipboard's thread is asked to do. No `Debug`: it holds text.
pub enum ClipboardJob {
    /// Offer this text to others.
    Copy(Zeroizing<String>),
    /// Fetch what others offer.
    Paste,
    /// Take back what is offered, and keep nothing of what was copied and pasted.
    Forget,
}

/// The desktop's clipboard, served by threads of its own.
pub struct Clipboard {
    jobs: SyncSender<ClipboardJob>,
    pasted: Mutex<Receiver<String>>,
}

impl Clipboard {
    /// The desktop's clipboard, if there is one that can be reached.
    #[must_use]
    pub fn open(ctx: &egui::Context) -> Option<Self> {
        let (jobs, queue) = sync_channel(QUEUED);
        let (answers, pasted) = sync_channel::<String>(QUEUED);
        let ctx = ctx.clone();
        let on_paste = Arc::new(move |text| {
            if answers.try_send(text).is_ok() {
                ctx.request_repaint();
            }
        });
        #[cfg(target_os = "linux")]
        x11::serve(queue, on_paste)?;
        #[cfg(not(target_os = "linux"))]
        {
            let _: (Receiver<ClipboardJob>, Arc<dyn Fn(String)>) = (queue, on_paste);
            return None;
        }
        #[cfg(target_os = "linux")]
        Some(Self { jobs, pasted: Mutex::new(pasted) })
    }

    /// A clipboard whose other end the caller holds, for tests.
    #[must_use]
    pub fn with_ends() -> (Self, Receiver<ClipboardJob>, SyncSender<String>) {
        let (jobs, queue) = sync_channel(QUEUED);
        let (answers, pasted) = sync_channel(QUEUED);
        (Self { jobs, pasted: Mutex::new(pasted) }, queue, answers)
    }
}

struct Bridge {
    clipboard: Option<Clipboard>,
    marked: bool,
}

impl Plugin for Bridge {
    fn debug_name(&self) -> &'static str {
        "clipboard"
    }

    fn input_hook(&mut self, _ctx: &egui::Context, input: &mut egui::RawInput) {
        let Some(clipboard) = &mut self.clipboard else { return };
        input.events.retain(|event| {
            let is_mark = matches!(event, Event::Paste(text) if text == MARK);
            if is_mark {
                // A full queue means that a paste is on its way already.
                let _ = clipboard.jobs.try_send(ClipboardJob::Paste);
            }
            !is_mark
        });
        let pasted = clipboard.pasted.get_mut().unwrap_or_else(PoisonError::into_inner);
        input.events.extend(pasted.try_iter().filter(|text| !text.is_empty()).map(Event::Paste));
    }

    fn output_hook(&mut self, _ctx: &egui::Context, output: &mut egui::FullOutput) {
        let commands = &mut output.platform_output.commands;
        // Any program may read the PRIMARY selection, and clipboard managers write it down.
        commands.retain(|command| !matches!(command, OutputCommand::TextSelectionSettled(_)));
        let Some(clipboard) = &self.clipboard else { return };
        for command in commands.iter_mut() {
            if let OutputCommand::CopyText(text) = command {
                let text = Zeroizing::new(std::mem::replace(text, MARK.to_owned()));
                self.marked = true;
                // Nobody copies faster than the thread takes it.
                let _ = clipboard.jobs.try_send(ClipboardJob::Copy(text));
            }
        }
        if !self.marked {
            self.marked = true;
            commands.push(OutputCommand::CopyText(MARK.to_owned()));
        }
    }
}
