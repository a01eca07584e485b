//! The file picker: the folder it shows, and what is chosen there; dropped with it.
use std::{ffi::OsStr, path::PathBuf};

use vault::AttachmentId;

use crate::{
    command::PickerWish,
    folder::{Item, Places},
    keeping::attachment::media_type,
    paths,
};

/// What a file is picked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A model that is added.
    Model,
    /// A file that is attached to the open entry.
    Attachment,
    /// The folder for a copy of an attached file.
    Copy(AttachmentId),
    /// The folder of the backups.
    Backups,
    /// The key file that unlocks.
    KeyFile,
    /// A key file that unlocks from now on.
    NewKeyFile,
    /// The sheet with the recovery phrase.
    Sheet,
}

/// What can be picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A file that is there.
    Open,
    /// A folder.
    Folder,
    /// A file that may still have to be made.
    Save,
}

/// Which files are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All.
    All,
    /// Model files.
    Models,
    /// Pictures.
    Images,
}

/// The file picker. No `Debug`: names of files are nobody's business.
pub struct Picker {
    /// What is picked for.
    pub target: Target,
    /// The look at a folder that is wanted; what older ones saw is dropped.
    pub ticket: u64,
    /// Folders that a person goes to often.
    pub places: Places,
    /// The folder that is shown; nothing before the first is.
    pub folder: PathBuf,
    /// A name or a path as typed.
    pub typed: String,
    /// What was typed when the look began: what is typed meanwhile stays.
    pub looked_with: String,
    /// Which files are listed.
    pub kind: Kind,
    /// Whether hidden ones are listed too.
    pub hidden: bool,
    /// A folder is being read.
    pub is_reading: bool,
    /// Why a folder could not be read.
    pub problem: Option<String>,
    /// The chosen row still has to come into sight.
    pub scroll_due: bool,
    /// The keyboard still has to go into the field.
    pub focus_due: bool,
    items: Vec<Item>,
    rows: Vec<usize>,
    chosen: Option<usize>,
}

impl Target {
    /// What can be picked for it.
    #[must_use]
    pub fn mode(self) -> Mode {
        match self {
            Self::Model | Self::Attachment | Self::KeyFile => Mode::Open,
            Self::Copy(_) | Self::Backups => Mode::Folder,
            Self::NewKeyFile | Self::Sheet => Mode::Save,
        }
    }

    /// Whether it is about the open entry.
    #[must_use]
    pub fn is_of_entry(self) -> bool {
        matches!(self, Self::Attachment | Self::Copy(_))
    }

    /// Kinds of files one can choose from, the first to begin with.
    #[must_use]
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Model => &[Kind::Models, Kind::All],
            Self::Attachment => &[Kind::All, Kind::Images],
            _ => &[Kind::All],
        }
    }
}

impl Kind {
    fn takes(self, name: &OsStr) -> bool {
        match self {
            Self::All => true,
            Self::Models => paths::is_gguf(name.as_ref()),
            Self::Images => media_type(&name.to_string_lossy()).starts_with("image/"),
        }
    }
}

impl Picker {
    /// A picker that has seen no folder yet.
    #[must_use]
    pub fn new(target: Target, typed: String) -> Self {
        Self {
            target,
            ticket: 0,
            places: Places::default(),
            folder: PathBuf::new(),
            typed,
            looked_with: String::new(),
            kind: target.kinds()[0],
            hidden: false,
            is_reading: false,
            problem: None,
            scroll_due: false,
            focus_due: true,
            items: Vec::new(),
            rows: Vec::new(),
            chosen: None,
        }
    }

    /// Shows a folder. After a step up, the one that was left is chosen.
    pub fn show(&mut self, folder: PathBuf, items: Vec<Item>) {
        let left = std::mem::replace(&mut self.folder, folder);
        self.items = items;
        let is_name = self.mode() == Mode::Save && !self.is_path_typed();
        if self.typed == self.looked_with && !is_name {
            self.typed.clear();
        }
        self.problem = None;
        self.refresh();
        let left = left.strip_prefix(&self.folder).ok().and_then(|below| below.iter().next());
        let of_left = |at: &usize| left == Some(self.items[*at].name.as_os_str());
        self.chosen = self.rows.iter().position(of_left);
        self.scroll_due = true;
    }

    /// Lists anew what fits, after something that narrows it has changed.
    pub fn refresh(&mut self) {
        let is_narrowed = self.is_narrowed();
        let typed = self.typed.trim().to_lowercase();
        let hidden = self.hidden || (is_narrowed && typed.starts_with('.'));
        let fits = |item: &Item| {
            let name = item.name.to_string_lossy();
            let is_wanted =
                item.is_folder || (self.mode() != Mode::Folder && self.kind.takes(&item.name));
            is_wanted
                && (hidden || !name.starts_with('.'))
                && (!is_narrowed || name.to_lowercase().contains(&typed))
        };
        let fitting = self.items.iter().enumerate().filter(|(_, item)| fits(item));
        self.rows = fitting.map(|(at, _)| at).collect();
        self.chosen = (is_narrowed && !self.rows.is_empty()).then_some(0);
        self.scroll_due = true;
    }

    /// How many rows there are.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// What a row shows.
    #[must_use]
    pub fn item(&self, row: usize) -> Option<&Item> {
        self.items.get(*self.rows.get(row)?)
    }

    /// The row that is chosen.
    #[must_use]
    pub fn chosen(&self) -> Option<usize> {
        self.chosen
    }

    /// What is chosen.
    #[must_use]
    pub fn chosen_item(&self) -> Option<&Item> {
        self.item(self.chosen?)
    }

    /// Chooses a row.
    pub fn choose(&mut self, row: usize) {
        self.chosen = Some(row);
        let file = self.chosen_item().filter(|item| self.mode() == Mode::Save && !item.is_folder);
        if let Some(name) = file.map(|item| item.name.to_string_lossy().into_owned()) {
            self.typed = name;
        }
    }

    /// Chooses a row so many below the chosen one, or the first.
    pub fn step(&mut self, by: isize) {
        let Some(last) = self.rows.len().checked_sub(1) else { return };
        let next = self.chosen.map_or(0, |row| row.saturating_add_signed(by).min(last));
        self.choose(next);
        self.scroll_due = true;
    }

    /// What can be picked.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.target.mode()
    }

    /// Where the folder above is.
    #[must_use]
    pub fn above(&self) -> Option<PickerWish> {
        self.folder.parent().map(|folder| PickerWish::Visit(folder.to_owned()))
    }

    /// What a double click or Enter does: a folder is entered, a file is picked.
    #[must_use]
    pub fn enter(&self) -> Option<PickerWish> {
        match self.chosen_item() {
            Some(item) if item.is_folder => Some(PickerWish::Visit(self.folder.join(&item.name))),
            _ => self.pick(),
        }
    }

    /// What the button does.
    #[must_use]
    pub fn pick(&self) -> Option<PickerWish> {
        let typed = || self.folder.join(paths::typed(&self.typed));
        let is_typed = !self.typed.trim().is_empty();
        let chosen = self.chosen_item();
        match self.mode() {
            _ if self.is_path_typed() => Some(PickerWish::Visit(typed())),
            Mode::Folder if !self.folder.as_os_str().is_empty() => {
                let below = |item: &Item| self.folder.join(&item.name);
                Some(PickerWish::Take(chosen.map_or_else(|| self.folder.clone(), below)))
            }
            Mode::Open if chosen.is_some_and(|item| !item.is_folder) => {
                chosen.map(|item| PickerWish::Take(self.folder.join(&item.name)))
            }
            Mode::Open if chosen.is_some() => self.enter(),
            _ => is_typed.then(|| PickerWish::Visit(typed())),
        }
    }

    /// Whether what is typed leads somewhere else than into this folder.
    fn is_path_typed(&self) -> bool {
        self.typed.contains(std::path::is_separator) || self.typed.trim().starts_with('~')
    }

    /// Whether only names are listed that hold what is typed.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.mode() != Mode::Save && !self.typed.trim().is_empty() && !self.is_path_typed()
    }
}

#[cfg(test)]
mod tests;
