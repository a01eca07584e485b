//! The child process: it writes without end, says what it is about to do, and that it is done.
use std::path::Path;

use vault::{Result, Session, Vault};

use super::{
    create,
    model::{Model, Step, batch_of, content_of, file_of, id_of},
    random::Random,
    unlock_key,
};

/// Does `steps` steps; their numbers begin at `first`, and no two runs of a journal share any.
/// # Errors
/// Those of the vault.
pub fn run(path: &Path, first: u64, steps: u64) -> Result<()> {
    let mut random = Random::new(first);
    let mut session = if path.exists() {
        open(path)?
    } else {
        say("begin", Step::Create);
        create(path)?
    };
    say("done", Step::Create);
    // Which entries there are, and what is attached to them.
    let mut model = Model::of(&session).unwrap();
    for number in first..first + steps {
        let step = choose(&mut random, &model, number);
        say("begin", step);
        session = take(session, path, step)?;
        say("done", step);
        model.apply(step);
    }
    session.close()
}

fn say(what: &str, step: Step) {
    println!("{what} {step}");
}

fn open(path: &Path) -> Result<Session> {
    let key = unlock_key(path)?;
    let mut session = Vault::open(path)?.into_session_listed(key)?;
    while session.check(1 << 20)?.is_none() {}
    Ok(session)
}

fn choose(random: &mut Random, model: &Model, number: u64) -> Step {
    let ids = model.ids();
    let Some(id) = ids.get(random.below(ids.len())).copied() else {
        return Step::Put(id_of(number), number);
    };
    match random.below(40) {
        0..=13 => Step::Put(id_of(number), number),
        14..=21 => Step::Put(id, number),
        22..=23 => Step::Settle,
        24..=26 => Step::Delete(id),
        27 => Step::Purge(id),
        28..=31 => Step::Attach(id, number),
        32..=33 => model.file(id).map_or(Step::Value(number), |file| Step::Detach(id, file)),
        34..=36 => Step::Value(number),
        37 => Step::Import(number << 20),
        38 => Step::Reopen,
        _ => Step::Attach(id, number),
    }
}

fn take(mut session: Session, path: &Path, step: Step) -> Result<Session> {
    match step {
        Step::Put(id, number) => {
            session.commit_revision(id);
            session.put(id, &content_of(number))?;
        }
        Step::Delete(id) => _ = session.delete(id)?,
        Step::Purge(id) => session.purge(id)?,
        Step::Attach(id, number) => {
            let name = number.to_string();
            session.attach(id, &name, "application/octet-stream", &mut &*file_of(number))?;
        }
        Step::Detach(id, number) => {
            let attached = session.attachments(id);
            let file = attached.iter().find(|file| file.name == number.to_string());
            session.remove_attachment(file.unwrap().id)?;
        }
        Step::Value(number) => {
            session.set_value("setting", super::model::text_of(number).as_bytes())?;
        }
        Step::Import(first) => _ = session.import(&batch_of(first))?,
        Step::Settle => {
            session.indexed()?;
            session.settle()?;
        }
        Step::Reopen => {
            session.close()?;
            session = open(path)?;
        }
        Step::Create => {}
    }
    Ok(session)
}
