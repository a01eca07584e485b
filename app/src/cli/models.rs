//! The commands about language models: which there are, which is used, and what one makes of a text.

mod bench;

use std::{
    io::{self, Read as _, Write},
    path::{Path, PathBuf},
};

use engine::{ControlNames, Ending, ModelFile};
use serde::{Deserialize, Serialize};

use super::{
    arguments::models::{AddModel, Models, ModelsCommand, NamedModel, TemplateOf, Tokenize},
    failure::Failure,
    journal::Context,
    screen::{Format, plain, print, print_text, progress},
};
use crate::{
    models::{Adding, Library, Model, stem},
    paths,
    settings::Settings,
};

/// Runs one of the commands.
pub(super) fn run(context: &Context, models: &Models) -> Result<(), Failure> {
    match &models.command {
        ModelsCommand::List => list(context),
        ModelsCommand::Add(arguments) => add(context, arguments),
        ModelsCommand::Remove(arguments) => remove(context, arguments),
        ModelsCommand::Use(arguments) => choose(context, arguments),
        ModelsCommand::Bench(arguments) => bench::run(context, arguments),
        ModelsCommand::Tokenize(arguments) => tokenize(context, arguments),
        ModelsCommand::Template(arguments) => template(context, arguments),
    }
}

#[derive(Serialize)]
struct List {
    models: Vec<Model>,
}

fn list(context: &Context) -> Result<(), Failure> {
    let models = Library::of_user().models(context.models());
    print(context.format, &List { models }, print_list)
}

fn print_list(list: &List, out: &mut dyn Write) -> io::Result<()> {
    if list.models.is_empty() {
        return writeln!(
            out,
            "There is no model: put a .gguf file into {}.",
            paths::user_models().display()
        );
    }
    for model in &list.models {
        let mark = if model.used { "*" } else { " " };
        let megabytes = |bytes: u64| format!("{} MB", bytes / 1_000_000);
        let word = |text: &Option<String>| plain(text.as_deref().unwrap_or("?"));
        writeln!(out, "{mark} {}  ({})", plain(&model.name), model.place)?;
        writeln!(
            out,
            "    {} {}, {}, reads {} tokens, takes {} of memory, licence {}",
            word(&model.family),
            word(&model.quantisation),
            megabytes(model.bytes),
            model.context.map_or_else(|| "?".to_owned(), |context| context.to_string()),
            model.memory.map_or_else(|| "?".to_owned(), megabytes),
            word(&model.licence),
        )?;
        if let Some(reason) = &model.reason {
            writeln!(out, "    can't be used: {}", plain(reason))?;
        }
        writeln!(out, "    {}", plain(&model.path.to_string_lossy()))?;
    }
    writeln!(out, "* is used. Choose another with 'inglenook models use NAME'.")
}

/// One model, after something was done with it.
#[derive(Serialize)]
struct Done {
    name: String,
    path: String,
    sha256: Option<String>,
}

fn add(context: &Context, arguments: &AddModel) -> Result<(), Failure> {
    let adding = if arguments.copy { Adding::Copied } else { Adding::InPlace };
    progress("Reading the file…");
    let added = Library::of_user().add(&arguments.file, adding);
    progress("");
    let added = added?;
    let done = Done {
        name: added.name,
        path: added.path.to_string_lossy().into_owned(),
        sha256: Some(added.sha256),
    };
    print(context.format, &done, |done, out| {
        writeln!(out, "{}\nSHA-256 {}", plain(&done.path), done.sha256.as_deref().unwrap_or("?"))
    })
}

fn remove(context: &Context, arguments: &NamedModel) -> Result<(), Failure> {
    let path = find(context, &arguments.name)?;
    let sha256 = Library::of_user().remove(&path)?;
    let mut settings = Settings::load(&paths::settings_file());
    if settings.models.as_deref() == Some(&path) {
        settings.models = None;
        save(&settings)?;
    }
    tell(context, &path, sha256, "is removed")
}

fn choose(context: &Context, arguments: &NamedModel) -> Result<(), Failure> {
    let path = find(context, &arguments.name)?;
    if let Some(reason) = ModelFile::open(&path)?.obstacle() {
        return Err(Failure::no_model(format!("{reason}: {}", path.display())));
    }
    let mut settings = Settings::load(&paths::settings_file());
    settings.models = Some(path.clone());
    save(&settings)?;
    tell(context, &path, Library::of_user().sha256(&path), "is used from now on")
}

fn save(settings: &Settings) -> Result<(), Failure> {
    let file = paths::settings_file();
    settings
        .save(&file)
        .map_err(|error| Failure::file("could not write the settings", &error, &file))
}

fn tell(context: &Context, path: &Path, sha256: Option<String>, news: &str) -> Result<(), Failure> {
    let done = Done { name: stem(path), path: path.to_string_lossy().into_owned(), sha256 };
    print(context.format, &done, |done, out| writeln!(out, "{} {news}.", plain(&done.name)))
}

/// The file that a name of the list, the beginning of one, or a path stands for.
fn find(context: &Context, name: &str) -> Result<PathBuf, Failure> {
    let path = Path::new(name);
    if path.is_file() {
        let absolute = std::path::absolute(path);
        return absolute.map_err(|error| Failure::file("could not find the model", &error, path));
    }
    match Library::of_user().named(context.models(), name).as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(Failure::no_model("there is no such model: 'inglenook models list' shows them")),
        _ => Err(Failure::usage("more than one model has a name that begins so")),
    }
}

#[derive(Serialize)]
struct Tokens {
    ids: Vec<u32>,
    pieces: Vec<String>,
}

fn tokenize(context: &Context, arguments: &Tokenize) -> Result<(), Failure> {
    let file = ModelFile::open(&arguments.file)?;
    let names = if arguments.special { ControlNames::Tokens } else { ControlNames::Text };
    let (ids, pieces) = file.tokenize(&stdin()?, names)?.into_iter().unzip();
    print(context.format, &Tokens { ids, pieces }, |tokens, out| {
        for (id, piece) in tokens.ids.iter().zip(&tokens.pieces) {
            writeln!(out, "{id}\t{piece:?}")?;
        }
        Ok(())
    })
}

/// What `models template` reads.
#[derive(Deserialize)]
struct Conversation {
    messages: serde_json::Value,
    #[serde(default)]
    add_generation_prompt: bool,
}

#[derive(Serialize)]
struct Rendered {
    text: String,
}

fn template(context: &Context, arguments: &TemplateOf) -> Result<(), Failure> {
    let file = ModelFile::open(&arguments.file)?;
    let conversation: Conversation = serde_json::from_str(&stdin()?)
        .map_err(|_| Failure::usage("stdin is not JSON with messages and add_generation_prompt"))?;
    let ending =
        if conversation.add_generation_prompt { Ending::Answer } else { Ending::LastMessage };
    let text = file.render(&conversation.messages, ending)?;
    match context.format {
        Format::Json => print(Format::Json, &Rendered { text }, |_, _| Ok(())),
        Format::Text => print_text(&text),
    }
}

fn stdin() -> Result<String, Failure> {
    let mut text = String::new();
    io::stdin()
        .read_to_string(&mut text)
        .map_err(|_| Failure::usage("what stdin holds is not UTF-8"))?;
    Ok(text)
}
