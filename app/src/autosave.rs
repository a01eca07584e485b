//! When a draft is due to be saved: pure, the time is passed in.
use std::time::Duration;

/// A save follows the last edit after this.
pub const PAUSE: Duration = Duration::from_millis(600);
/// No edit waits longer for its save than this.
pub const LIMIT: Duration = Duration::from_secs(5);

/// The edits that no save has been asked for yet. Times are of one monotonic clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Autosave {
    edits: Option<Edits>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edits {
    first: Duration,
    last: Duration,
}

impl Autosave {
    /// Takes note of an edit.
    pub fn edited(&mut self, now: Duration) {
        let first = self.edits.map_or(now, |edits| edits.first);
        self.edits = Some(Edits { first, last: now });
    }

    /// A save has been asked for.
    pub fn flushed(&mut self) {
        self.edits = None;
    }

    /// How long until a save is due: zero when it is, `None` when there is nothing to save.
    #[must_use]
    pub fn due_in(&self, now: Duration) -> Option<Duration> {
        let edits = self.edits?;
        let due = (edits.last + PAUSE).min(edits.first + LIMIT);
        Some(due.saturating_sub(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_save_is_due_a_pause_after_the_last_edit() {
        let mut autosave = Autosave::default();
        assert_eq!(autosave.due_in(ms(0)), None);
        autosave.edited(ms(1000));
        autosave.edited(ms(1400));
        assert_eq!(autosave.due_in(ms(1500)), Some(ms(500)));
        assert_eq!(autosave.due_in(ms(2000)), Some(ms(0)));
    }

    #[test]
    fn who_types_without_a_pause_is_saved_within_the_limit() {
        let mut autosave = Autosave::default();
        (0..=50).for_each(|step| autosave.edited(ms(step * 100)));
        assert_eq!(autosave.due_in(ms(5000)), Some(ms(0)));
    }

    #[test]
    fn after_a_flush_nothing_is_due_until_the_next_edit() {
        let mut autosave = Autosave::default();
        autosave.edited(ms(0));
        autosave.flushed();
        assert_eq!(autosave.due_in(ms(9000)), None);
        autosave.edited(ms(9000));
        assert_eq!(autosave.due_in(ms(9000)), Some(PAUSE));
    }
}
