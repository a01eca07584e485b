//! What a person wants done: one list for buttons, shortcuts and menus.
use egui::{Key, KeyboardShortcut, Modifiers};
use vault::EntryId;

use crate::{permission::Permission, state::Scope};

pub mod insight;
pub mod keeping;
pub mod models;
pub mod picker;

pub use insight::Insight;
pub use keeping::Keep;
pub use models::ModelWish;
pub use picker::PickerWish;

/// One wish. Views push them, the app carries them out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Make the journal with the passphrase typed.
    CreateJournal,
    /// Unlock it with the passphrase typed.
    Unlock,
    /// Save and lock.
    Lock,
    /// Save and lock, and take the window out of sight.
    Panic,
    /// Lock, giving up what could not be saved.
    LockUnsaved,
    /// Go back to writing after a lock that could not save, with the passphrase typed.
    KeepWriting,
    /// Start a new entry.
    NewEntry,
    /// Open an entry.
    OpenEntry(EntryId),
    /// Save now; try again what failed.
    Save,
    /// Ask whether the open entry shall be deleted.
    AskDelete,
    /// Put the open entry in the trash.
    Delete,
    /// Keep the whole journal from the model, or let it read again.
    Permit(Permission),
    /// Put the keyboard into the search box.
    FocusSearch,
    /// Search for what is typed.
    Search,
    /// Open or close the settings.
    ToggleSettings,
    /// Take the settings as they are now.
    ApplySettings,
    /// Open or close the reflection panel.
    ToggleReflection,
    /// Summarise.
    Summarise(Scope),
    /// Open what a sentence of the summary rests on, and light it up.
    ShowSource {
        /// Which sentence.
        sentence: usize,
        /// Which of its sources.
        source: usize,
    },
    /// Light nothing up any more.
    HideSource,
    /// Delete the summary that is shown.
    DeleteSummary,
    /// Delete all that a model wrote about the journal.
    DeleteModelText,
    /// Ask questions about the open entry.
    Ask,
    /// Ask the journal what is typed.
    AskJournal,
    /// Forget what was asked of the journal, and the answers.
    ForgetConversation,
    /// From now on keep the questions and answers, sealed, or no more.
    ToggleKeptConversation,
    /// Stop the model.
    Stop,
    /// Put a question under the entry, by its place.
    InsertQuestion(usize),
    /// Something about people, themes, open loops and prompts.
    Insight(Insight),
    /// Something about an answer to a question.
    Deepen(Deepen),
    /// Something about what guards against loss.
    Keep(Keep),
    /// Something about language models.
    Models(ModelWish),
    /// Something about the file picker.
    Picker(PickerWish),
    /// Close what lies on top.
    Escape,
}

/// What a person wants with an answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deepen {
    /// Take what is typed, and ask on.
    Answer,
    /// Keep questions and answers with the entry.
    Keep,
    /// Put them into the entry.
    Insert,
    /// Throw them away.
    Drop,
    /// Throw away those that were kept.
    DropKept,
}

/// Commands that a key calls, wherever the keyboard is.
const SHORTCUTS: [(Modifiers, Key, Command); 10] = [
    // Before the shortcut with fewer modifiers, which it would be taken for.
    (Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::L, Command::Panic),
    (Modifiers::COMMAND, Key::N, Command::NewEntry),
    (Modifiers::COMMAND, Key::F, Command::FocusSearch),
    (Modifiers::COMMAND, Key::L, Command::Lock),
    (Modifiers::COMMAND, Key::Comma, Command::ToggleSettings),
    (Modifiers::COMMAND, Key::S, Command::Save),
    (Modifiers::COMMAND, Key::R, Command::ToggleReflection),
    (Modifiers::COMMAND, Key::P, Command::Insight(Insight::Show)),
    (Modifiers::COMMAND, Key::Enter, Command::Ask),
    (Modifiers::NONE, Key::Escape, Command::Escape),
];

impl Command {
    /// Whether what is on the screen must go.
    #[must_use]
    pub fn locks(&self) -> bool {
        matches!(self, Self::Lock | Self::Panic)
    }

    /// The key that calls it, if one does.
    #[must_use]
    pub fn shortcut(&self) -> Option<KeyboardShortcut> {
        SHORTCUTS
            .iter()
            .find(|(_, _, command)| command == self)
            .map(|(modifiers, key, _)| KeyboardShortcut::new(*modifiers, *key))
    }
}

/// Takes the shortcuts pressed out of the input.
#[must_use]
pub fn pressed(ctx: &egui::Context) -> Vec<Command> {
    ctx.input_mut(|input| {
        SHORTCUTS
            .iter()
            .filter(|(modifiers, key, _)| input.consume_key(*modifiers, *key))
            .map(|(_, _, command)| command.clone())
            .collect()
    })
}
