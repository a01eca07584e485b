//! Kills: the child is killed at a random moment, and what it acknowledged is looked for.
use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{ChildStdout, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use vault::{MasterKey, Vault};

use super::{
    Count, check, create,
    model::{BATCH, Model, Step, batch_of},
    random::Random,
    unlock_key,
};

/// So many kills of one journal, before the next is begun.
const KILLS_OF_ONE: usize = 25;
/// The longest that a child lives once its journal is open, in microseconds.
const LONGEST: usize = 300_000;

/// A journal, its key, and what is in it.
struct Journal {
    folder: tempfile::TempDir,
    key: MasterKey,
    model: Model,
}

/// Kills so many children of `program`.
/// # Panics
/// When a child can't be started.
#[must_use]
pub fn run(program: &Path, kills: usize, seed: u64) -> Count {
    let mut count = Count::default();
    let mut random = Random::new(seed);
    let mut journal = Journal::new();
    for kill in 0..kills {
        if kill % KILLS_OF_ONE == KILLS_OF_ONE - 1 {
            journal = Journal::new();
        }
        let lines = killed(program, &journal.path(), 1 + kill as u64 * 100_000, &mut random);
        count.faults += 1;
        if let Err(failure) = journal.look(&lines, &mut count) {
            count.failures.push(format!("kill {kill} of seed {seed}: {failure}"));
            journal = Journal::new();
        }
    }
    count
}

/// What a child said before it was killed.
fn killed(program: &Path, journal: &Path, first: u64, random: &mut Random) -> Vec<String> {
    let mut command = Command::new(program);
    command.arg("--load").arg(journal).args(["--first", &first.to_string()]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (opened, is_open) = mpsc::channel();
    let output = child.stdout.take().unwrap();
    let reader = thread::Builder::new().spawn(move || listen(output, &opened)).unwrap();
    // Some are killed while they open the journal.
    if random.below(16) > 0 {
        let _ = is_open.recv();
    }
    thread::sleep(Duration::from_micros(random.below(LONGEST) as u64));
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

fn listen(output: ChildStdout, opened: &mpsc::Sender<()>) -> Vec<String> {
    let mut lines = Vec::new();
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        let _ = opened.send(());
        lines.push(line);
    }
    lines
}

impl Journal {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        create(&path).unwrap().close().unwrap();
        Self { key: unlock_key(&path).unwrap(), folder, model: Model::default() }
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("journal")
    }

    /// Takes in what was acknowledged and compares it with what is there.
    fn look(&mut self, lines: &[String], count: &mut Count) -> Result<(), String> {
        let (mut model, begun) = replay(std::mem::take(&mut self.model), lines, count);
        let mut allowed = vec![model.clone()];
        if let Some(step) = begun {
            count.in_a_step += 1;
            model.apply(step);
            allowed.push(model);
        }
        let doing = begun.map_or(String::new(), |step| format!(", in the middle of: {step}"));
        let which = check(&self.path(), &self.key, &allowed).map_err(|what| what + &doing)?;
        self.model = allowed.swap_remove(which);
        match begun {
            Some(Step::Import(first)) => self.import_again(first),
            _ => Ok(()),
        }
    }

    /// An import that was killed is taken up again: nothing is twice.
    fn import_again(&mut self, first: u64) -> Result<(), String> {
        let words = |error: vault::Error| error.to_string();
        let vault = Vault::open(&self.path()).map_err(words)?;
        let mut session = vault.into_session(self.key.again()).map_err(words)?;
        let there = self.model.has_import(first);
        let again = session.import(&batch_of(first)).map_err(words)?;
        let expected = if there { (0, BATCH as usize) } else { (BATCH as usize, 0) };
        self.model.apply(Step::Import(first));
        if (again.imported, again.duplicates) != expected || Model::of(&session)? != self.model {
            return Err(format!("an import taken up again: {again:?}"));
        }
        session.close().map_err(words)
    }
}

/// What stands after all that was acknowledged, and the step that was begun and not acknowledged.
#[must_use]
pub fn replay(mut model: Model, lines: &[String], count: &mut Count) -> (Model, Option<Step>) {
    let mut begun = None;
    for line in lines {
        match line.split_once(' ').and_then(|(what, step)| Some((what, step.parse().ok()?))) {
            Some(("begin", step)) => begun = Some(step),
            Some((_, step)) => {
                model.apply(step);
                count.acknowledged += 1;
                begun = None;
            }
            // The end of a line may be missing.
            None => {}
        }
    }
    (model, begun)
}
