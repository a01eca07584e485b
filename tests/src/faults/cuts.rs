//! Power cuts: every write and sync of a child is recorded, and the disk that a cut at a random
//! moment leaves is built from that, again and again.
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use vault::MasterKey;

use super::{
    Count, check,
    disk::{Deaf, Disk},
    kills::replay,
    model::{Model, Step},
    random::Random,
    trace::{self, CALLS, Event, OTHERS},
    unlock_key,
};

/// So many cuts of one recording.
const CUTS_OF_ONE: usize = 100;
/// So many steps in one recording.
const STEPS: u64 = 120;

/// A child's life, from the making of its journal to its end.
struct Recording {
    events: Vec<Event>,
    key: MasterKey,
}

/// Cuts the power so many times; a deaf disk shows that losses would be seen.
/// # Errors
/// When nothing can be recorded here, and why.
/// # Panics
/// When there is no room for files.
pub fn run(program: &Path, cuts: usize, seed: u64, deaf: Deaf) -> Result<Count, String> {
    let mut count = Count::default();
    for round in 0..cuts.div_ceil(CUTS_OF_ONE) as u64 {
        let recording = Recording::make(program, 1 + seed + round * 100_000)?;
        let mut random = Random::new(seed + round);
        let here = CUTS_OF_ONE.min(cuts - count.faults);
        let length = recording.events.len();
        let mut moments: Vec<_> = (0..here).map(|_| random.below(length + 1)).collect();
        moments.sort_unstable();
        recording.cut_at(&moments, &mut random, deaf, &mut count);
    }
    Ok(count)
}

impl Recording {
    fn make(program: &Path, first: u64) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let journal = fs::canonicalize(folder.path()).unwrap().join("journal");
        let log = folder.path().join("log");
        let mut command = Command::new("strace");
        command.args(["-y", "-xx", "-s", "100000000", "-e"]).arg(format!("trace={CALLS},{OTHERS}"));
        command.arg("-o").arg(&log).arg(program).arg("--load").arg(&journal);
        command.args(["--first", &first.to_string(), "--steps", &STEPS.to_string()]);
        let status = command.stdout(Stdio::null()).status();
        let status = status.map_err(|error| format!("strace can't be started: {error}"))?;
        if !status.success() {
            return Err(format!("strace or the load under it failed: {status}"));
        }
        let events = trace::read(&fs::read_to_string(&log).unwrap())?;
        let (model, _) = replay(Model::default(), &said(&events), &mut Count::default());
        let key = unlock_key(&journal).map_err(|error| error.to_string())?;
        check(&journal, &key, &[model]).map_err(|what| format!("without any cut: {what}"))?;
        let folder = journal.parent().unwrap();
        let events = events.into_iter().filter(|event| event.is_in(folder)).collect();
        Ok(Self { events, key })
    }

    /// Cuts the power at each of these moments, in rising order.
    fn cut_at(&self, moments: &[usize], random: &mut Random, deaf: Deaf, count: &mut Count) {
        let (mut disk, mut done) = (Disk::new(deaf), 0);
        for moment in moments {
            self.events[done..*moment].iter().for_each(|event| disk.apply(event));
            done = *moment;
            count.faults += 1;
            let left = tempfile::tempdir().unwrap();
            disk.cut(random, left.path()).unwrap();
            if let Err(failure) = self.look(left.path(), *moment, count) {
                count
                    .failures
                    .push(format!("cut {} before event {moment}: {failure}", count.faults));
            }
        }
    }

    fn look(&self, folder: &Path, moment: usize, count: &mut Count) -> Result<(), String> {
        let lines = said(&self.events[..moment]);
        let (model, begun) = replay(Model::default(), &lines, count);
        let journal = folder.join("journal");
        let made = lines.iter().any(|line| line.starts_with("done"));
        if !made && !journal.exists() {
            return Ok(());
        }
        let mut allowed = vec![model];
        if let Some(step) = begun {
            count.in_a_step += usize::from(step != Step::Create);
            let mut model = allowed[0].clone();
            model.apply(step);
            allowed.push(model);
        }
        let doing = begun.map_or(String::new(), |step| format!(", in the middle of: {step}"));
        check(&journal, &self.key, &allowed).map(|_| ()).map_err(|what| format!("{what}{doing}"))
    }
}

impl Event {
    /// Whether it changes a file in a folder, or the folder; or was said.
    fn is_in(&self, folder: &Path) -> bool {
        let path: &PathBuf = match self {
            Self::Say(_) => return true,
            Self::Other => return false,
            Self::Sync { path } if path == folder => return true,
            Self::Open { path, .. }
            | Self::Write { path, .. }
            | Self::Truncate { path, .. }
            | Self::Sync { path }
            | Self::Link { from: path, .. }
            | Self::Rename { from: path, .. }
            | Self::Unlink { path } => path,
        };
        path.parent() == Some(folder)
    }
}

fn said(events: &[Event]) -> Vec<String> {
    let said = events.iter().filter_map(|event| match event {
        Event::Say(text) => Some(text.as_str()),
        _ => None,
    });
    said.collect::<String>().lines().map(str::to_owned).collect()
}
