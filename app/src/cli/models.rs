//! The commands about language models: which there are, which is used, and what one makes of a text.

mod bench;
mod found;
mod shelf;

use std::{
    fs,
    io::{self, Read as _, Write},
    path::{Path, PathBuf},
};

use engine::{ControlNames, Ending, ModelFile};
use serde::{Deserialize, Serialize};

use super::{
    arguments::{AddModel, Models, ModelsCommand, NamedModel, TemplateOf, Tokenize},
    failure::Failure,
    journal::Context,
    screen::{Format, plain, print, print_text, progress},
};
use crate::{paths, settings::Settings};
use found::Found;
use shelf::{Kept, Shelf};

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

/// A model file as it is listed.
#[derive(Serialize)]
struct Listed {
    name: String,
    path: String,
    /// Whose folder it lies in.
    place: &'static str,
    family: Option<String>,
    quantisation: Option<String>,
    bytes: u64,
    context: Option<usize>,
    licence: Option<String>,
    memory: Option<u64>,
    sha256: Option<String>,
    runs: bool,
    /// Why it does not run.
    reason: Option<String>,
    used: bool,
}

#[derive(Serialize)]
struct List {
    models: Vec<Listed>,
}

fn list(context: &Context) -> Result<(), Failure> {
    let shelf = Shelf::load();
    let used = paths::find_model(context.models()).and_then(|path| path.canonicalize().ok());
    let found = found::all(context.models(), &shelf);
    let models = found.iter().map(|found| listed(found, &shelf, used.as_deref())).collect();
    print(context.format, &List { models }, print_list)
}

fn listed(found: &Found, shelf: &Shelf, used: Option<&Path>) -> Listed {
    let bytes = fs::metadata(&found.path).map_or(0, |metadata| metadata.len());
    let opened = ModelFile::open(&found.path).and_then(|file| Ok((file.info()?, file.obstacle())));
    let used = used.is_some() && found.path.canonicalize().ok().as_deref() == used;
    let place = found.place;
    let kept = shelf.kept(&found.path);
    let path = found.path.to_string_lossy().into_owned();
    let sha256 = kept.map(|kept| kept.sha256.clone());
    let given = kept.map(|kept| kept.name.clone()).or_else(|| found.name.clone());
    match opened {
        Ok((info, reason)) => Listed {
            name: given.unwrap_or_else(|| stem(&found.path)),
            family: Some(info.architecture),
            quantisation: Some(info.quantisation),
            context: (info.context_length > 0).then_some(info.context_length),
            licence: info.licence,
            memory: (info.memory_bytes > 0).then_some(info.memory_bytes),
            runs: reason.is_none(),
            reason,
            path,
            place,
            bytes,
            sha256,
            used,
        },
        Err(error) => Listed {
            name: given.unwrap_or_else(|| stem(&found.path)),
            family: None,
            quantisation: None,
            context: None,
            licence: None,
            memory: None,
            runs: false,
            reason: Some(what(&error)),
            path,
            place,
            bytes,
            sha256,
            used,
        },
    }
}

fn print_list(list: &List, out: &mut dyn Write) -> io::Result<()> {
    if list.models.is_empty() {
        return writeln!(out, "There is no model: put a .gguf file into {}.", folder().display());
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
        writeln!(out, "    {}", plain(&model.path))?;
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
    let path = absolute(&arguments.file)?;
    let file = ModelFile::open(&path)?;
    if let Some(reason) = file.obstacle() {
        return Err(Failure::no_model(format!("{reason}: {}", path.display())));
    }
    progress("Reading the file…");
    let sha256 = file.sha256();
    progress("");
    let sha256 = sha256?;
    let path = if arguments.copy { copied(&path)? } else { path };
    let mut shelf = Shelf::load();
    let kept = Kept { name: stem(&path), path, sha256 };
    let done = Done {
        name: kept.name.clone(),
        path: kept.path.to_string_lossy().into_owned(),
        sha256: Some(kept.sha256.clone()),
    };
    shelf.put(kept);
    shelf.save()?;
    print(context.format, &done, |done, out| {
        writeln!(out, "{}\nSHA-256 {}", plain(&done.path), done.sha256.as_deref().unwrap_or("?"))
    })
}

/// Copies a file into the folder of the models, whole or not at all.
fn copied(path: &Path) -> Result<PathBuf, Failure> {
    let target = folder().join(format!("{}.gguf", stem(path)));
    if target.exists() {
        return Err(Failure::new(format!("there is a model of that name: {}", target.display())));
    }
    let part = target.with_extension("part");
    let copy = || {
        fs::create_dir_all(folder())?;
        fs::copy(path, &part)?;
        fs::rename(&part, &target)
    };
    copy().map_err(|error| {
        // What was not copied whole is of no use; where it can't be removed, it is no model by its name.
        let _ = fs::remove_file(&part);
        Failure::file("could not copy the model", &error, &target)
    })?;
    Ok(target)
}

fn remove(context: &Context, arguments: &NamedModel) -> Result<(), Failure> {
    let mut shelf = Shelf::load();
    let path = find(context, &arguments.name)?;
    let kept = shelf.take(&path);
    // Only what was copied in is deleted; a file that is somebody else's stays.
    if path.parent() == Some(folder().as_path()) {
        fs::remove_file(&path)
            .map_err(|error| Failure::file("could not delete the model", &error, &path))?;
    } else if kept.is_none() {
        let message = "this model belongs to another program, remove it there";
        return Err(Failure::new(format!("{message}: {}", path.display())));
    }
    shelf.save()?;
    let mut settings = Settings::load(&paths::settings_file());
    if settings.models.as_deref() == Some(&path) {
        settings.models = None;
        save(&settings)?;
    }
    tell(context, &path, kept.map(|kept| kept.sha256), "is removed")
}

fn choose(context: &Context, arguments: &NamedModel) -> Result<(), Failure> {
    let path = find(context, &arguments.name)?;
    if let Some(reason) = ModelFile::open(&path)?.obstacle() {
        return Err(Failure::no_model(format!("{reason}: {}", path.display())));
    }
    let mut settings = Settings::load(&paths::settings_file());
    settings.models = Some(path.clone());
    save(&settings)?;
    let sha256 = Shelf::load().kept(&path).map(|kept| kept.sha256.clone());
    tell(context, &path, sha256, "is used from now on")
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
        return absolute(path);
    }
    let shelf = Shelf::load();
    let all = found::all(context.models(), &shelf);
    let names = |found: &Found| {
        [
            found.name.clone(),
            shelf.kept(&found.path).map(|kept| kept.name.clone()),
            Some(stem(&found.path)),
        ]
    };
    let fits = |found: &&Found, test: &dyn Fn(&str) -> bool| {
        names(found).iter().flatten().any(|name| test(name))
    };
    let exact: Vec<&Found> = all.iter().filter(|found| fits(found, &|n| n == name)).collect();
    let begun: Vec<&Found> =
        all.iter().filter(|found| fits(found, &|n| n.starts_with(name))).collect();
    match (exact.as_slice(), begun.as_slice()) {
        ([one, ..], _) | ([], [one]) => Ok(one.path.clone()),
        ([], []) => {
            Err(Failure::no_model("there is no such model: 'inglenook models list' shows them"))
        }
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

/// Not canonical: a link of Hugging Face's cache has the model's name, what it leads to a number.
fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    let found = path.metadata().and_then(|_| std::path::absolute(path));
    found.map_err(|error| Failure::file("could not find the model", &error, path))
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// What is wrong with a file, without its path.
fn what(error: &engine::Error) -> String {
    match error {
        engine::Error::Model { what, .. } => what.clone(),
        other => other.to_string(),
    }
}

/// Where models are copied to.
fn folder() -> PathBuf {
    paths::user_models()
}
