//! How questions are worded.
use serde::{Deserialize, Serialize};

/// What a person chose to be asked like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// Bare questions.
    #[default]
    Questions,
    /// The person's words first, then a soft question.
    Gentle,
    /// Short and sharp.
    Direct,
}

impl Style {
    /// Every style.
    pub const ALL: [Self; 3] = [Self::Questions, Self::Gentle, Self::Direct];

    /// The style that a mark in the files of questions stands for.
    #[must_use]
    pub fn of_mark(mark: &str) -> Option<Self> {
        match mark {
            "-" => Some(Self::Questions),
            "~" => Some(Self::Gentle),
            "!" => Some(Self::Direct),
            _ => None,
        }
    }
}
