//! The clocks: time that people see, and time that only ever runs forward.
use std::time::Duration;

/// A moment of the two clocks that run forward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Time that stands still while the machine sleeps.
    pub awake: Duration,
    /// Time that runs on while the machine sleeps.
    pub elapsed: Duration,
}

impl Moment {
    /// How long the machine slept between `earlier` and now.
    #[must_use]
    pub fn slept_since(self, earlier: Self) -> Duration {
        let elapsed = self.elapsed.saturating_sub(earlier.elapsed);
        elapsed.saturating_sub(self.awake.saturating_sub(earlier.awake))
    }
}

/// Reads the clocks; a script in tests.
pub type Clock = Box<dyn Fn() -> Moment>;

/// The machine's own clocks.
#[must_use]
pub fn system_clock() -> Clock {
    #[cfg(target_os = "linux")]
    {
        use rustix::time::{ClockId, clock_gettime};
        let read = |id| Duration::try_from(clock_gettime(id)).unwrap_or_default();
        Box::new(move || Moment {
            awake: read(ClockId::Monotonic),
            elapsed: read(ClockId::Boottime),
        })
    }
    #[cfg(not(target_os = "linux"))]
    {
        let start = std::time::Instant::now();
        Box::new(move || Moment { awake: start.elapsed(), elapsed: start.elapsed() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_is_what_one_clock_has_more_than_the_other() {
        let secs = Duration::from_secs;
        let before = Moment { awake: secs(10), elapsed: secs(50) };
        let after = Moment { awake: secs(12), elapsed: secs(112) };
        assert_eq!(after.slept_since(before), secs(60));
        assert_eq!(before.slept_since(before), secs(0));
    }

    #[test]
    fn the_system_clock_does_not_run_backwards() {
        let clock = system_clock();
        let (first, second) = (clock(), clock());
        assert!(first.awake <= second.awake && first.elapsed <= second.elapsed);
        assert!(first.elapsed > Duration::ZERO || cfg!(not(target_os = "linux")));
    }
}
