//! What a person chose and what is not secret, read and written in one place.
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{keeping::backup, reflection::Style};

/// Sizes of text a person can choose from, in points.
pub const TEXT_SIZES: std::ops::RangeInclusive<f32> = 14.0..=24.0;

/// Light, dark, or as the desktop has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// As the desktop has it.
    #[default]
    System,
    /// Dark ink on paper.
    Light,
    /// Light ink in the dark.
    Dark,
}

/// The face entries are written and read in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReadingFont {
    /// Literata.
    #[default]
    Serif,
    /// Inter.
    Sans,
}

/// The settings. Fields that a file lacks have their defaults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light or dark.
    pub theme: ThemeChoice,
    /// Size of an entry's text in points.
    pub text_size: f32,
    /// Face of an entry's text.
    pub reading_font: ReadingFont,
    /// Minutes without a key or the mouse after which the journal locks; 0 is never.
    pub autolock_minutes: u32,
    /// The folder or file of the language model, if not where it is searched for.
    pub models: Option<PathBuf>,
    /// Minutes without a question after which the language model leaves memory; 0 is never.
    pub unload_minutes: u32,
    /// How questions are worded.
    pub style: Style,
    /// Whether the reflection panel is open.
    pub reflection_open: bool,
    /// Whether people, themes and open loops are looked for, and an empty page asks something.
    pub insight: bool,
    /// Whether a backup is made once a day while the journal is open.
    pub backups: bool,
    /// The folder of the backups, if not beside the journal.
    pub backup_folder: Option<PathBuf>,
    /// The key file that opened the journal last, if one did; where it is, not what it says.
    pub key_file: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::default(),
            text_size: 18.0,
            reading_font: ReadingFont::default(),
            autolock_minutes: 10,
            models: None,
            unload_minutes: 10,
            style: Style::default(),
            reflection_open: true,
            insight: true,
            backups: true,
            backup_folder: None,
            key_file: None,
        }
    }
}

impl Settings {
    /// Reads the file; what can't be read has its default.
    #[must_use]
    pub fn load(path: &Path) -> Self {
        let settings = fs::read_to_string(path)
            .ok()
            .and_then(|json| serde_json::from_str::<Self>(&json).ok())
            .unwrap_or_default();
        let text_size = settings.text_size.clamp(*TEXT_SIZES.start(), *TEXT_SIZES.end());
        Self { text_size, ..settings }
    }

    /// Writes the file, replacing the old one in one step.
    /// # Errors
    /// The system's.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let new = path.with_extension("json.new");
        fs::write(&new, serde_json::to_vec_pretty(self)?)?;
        fs::rename(new, path)
    }

    /// The folder of this journal's backups.
    #[must_use]
    pub fn backup_folder(&self, journal: &Path) -> PathBuf {
        self.backup_folder.clone().unwrap_or_else(|| backup::default_folder(journal))
    }

    /// Time without a question after which the language model leaves memory.
    #[must_use]
    pub fn unload(&self) -> Option<Duration> {
        (self.unload_minutes > 0).then(|| Duration::from_secs(60) * self.unload_minutes)
    }

    /// Time without a key or the mouse after which the journal locks.
    #[must_use]
    pub fn autolock(&self) -> Option<Duration> {
        (self.autolock_minutes > 0).then(|| Duration::from_secs(60) * self.autolock_minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_back_as_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/settings.json");
        let settings =
            Settings { theme: ThemeChoice::Dark, autolock_minutes: 3, ..Settings::default() };
        settings.save(&path).unwrap();
        assert_eq!(Settings::load(&path), settings);
    }

    #[test]
    fn a_missing_damaged_or_odd_file_gives_usable_settings() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        assert_eq!(Settings::load(&path), Settings::default());
        fs::write(&path, "{").unwrap();
        assert_eq!(Settings::load(&path), Settings::default());
        fs::write(&path, r#"{"text_size": 4000, "unknown": 1}"#).unwrap();
        assert_eq!(Settings::load(&path).text_size, *TEXT_SIZES.end());
    }
}
