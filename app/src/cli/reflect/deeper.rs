//! An answer to a question, and the question that follows from it.
use engine::CancelToken;
use vault::{Entry, Session};

use super::{QuestionDocument, Questions, Teller, arguments, load, model_file, style};
use crate::{
    cli::{
        failure::Failure,
        index,
        journal::{Context, today},
        screen::Format,
    },
    permission::Permission,
    reflection::{
        Care, Progress, Reflection, Wish,
        asked::Asked,
        crisis,
        deeper::{Answered, follow},
        dialogue::{self, Exchange},
    },
};

/// Takes an answer to a question that was asked about the entry, and asks the next.
pub(super) fn answer(
    context: &Context,
    arguments: &arguments::Reflect,
    mut session: Session,
    mut entry: Entry,
    answer: &str,
) -> Result<(), Failure> {
    let asked = Asked::load(&session);
    let mut questions = asked.about(entry.id);
    let nth = arguments.question.checked_sub(1).and_then(|at| questions.get(at));
    let Some(question) = nth.cloned() else {
        return Err(Failure::usage("there is no such question: 'reflect' asks them first"));
    };
    let day = arguments.today.unwrap_or_else(today);
    let mut asked_before = asked.about_others(entry.id, day);
    asked_before.extend(questions.iter().cloned());
    let wish = Wish { count: 1, style: style(arguments), asked_before };
    let (given, model) = next(context, &session, &entry, answer, &wish)?;
    let (next, care) = match given {
        Reflection::Questions(next) => (next, None),
        Reflection::Care(care) => (Vec::new(), Some(care)),
    };
    questions.splice(0..0, next.iter().map(|question| question.text.clone()));
    asked.keep(&mut session, entry.id, &questions, day)?;
    let exchange = Exchange { question, answer: answer.to_owned() };
    store(arguments, &mut session, &mut entry, exchange)?;
    session.close()?;
    let document = Questions {
        id: entry.id.to_string(),
        questions: next.into_iter().map(QuestionDocument::from).collect(),
        care: care.map(Care::text),
        model,
    };
    document.print(context, &entry)
}

/// The next question, and the model that chose it.
fn next(
    context: &Context,
    session: &Session,
    entry: &Entry,
    answer: &str,
    wish: &Wish,
) -> Result<(Reflection, String), Failure> {
    if let Some(care) = crisis(answer) {
        return Ok((Reflection::Care(care), String::new()));
    }
    let model_file = model_file(context)?;
    let mut journal = Vec::new();
    session.for_each_entry(&mut |entry| journal.push(entry))?;
    Permission::load(session).retain(&mut journal);
    let near = index::near(context, session, answer)?;
    let answered = Answered { answer, entry: entry.id, journal: &journal, near: &near };
    let mut engine = load(&model_file)?;
    let mut teller = Teller::new(Format::Json);
    let mut tell = |progress: Progress| teller.tell(&progress);
    let given = follow(&mut engine, &answered, wish, &CancelToken::default(), &mut tell)?;
    teller.finish();
    Ok((given, engine.info().name.clone()))
}

/// Keeps the exchange as it was asked for; else it is gone with the program.
fn store(
    arguments: &arguments::Reflect,
    session: &mut Session,
    entry: &mut Entry,
    exchange: Exchange,
) -> Result<(), Failure> {
    if arguments.keep {
        dialogue::keep(&mut entry.content, &[exchange]);
    } else if arguments.insert {
        let text = entry.content.text.trim_end();
        entry.content.text = format!("{text}\n\n{}\n", dialogue::as_text(&[exchange]));
    } else {
        return Ok(());
    }
    session.put(entry.id, &entry.content)?;
    Ok(())
}
