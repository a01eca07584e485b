//! The commands that bring entries in and take them out: import, export.

use std::path::Path;

use serde::Serialize;

use super::{
    arguments::{Export, ExportFormat},
    failure::Failure,
    journal::{Context, count},
    screen::{print, print_with, progress, warn},
};
use crate::{
    export::{self, Format},
    import::{self, Problem},
};

/// So many problems are shown as text; `--json` gives all.
const PROBLEMS_SHOWN: usize = 20;

/// Told after every export.
const PLAINTEXT: &str = "what is exported is not encrypted: whoever has it can read it";

/// Adds the entries of a file, all or nothing.
pub(super) fn import(context: &Context, file: &Path) -> Result<(), Failure> {
    let vault = context.hold()?;
    let read = import::read(file).map_err(|error| Failure::new(error.to_string()))?;
    let mut session = context.unlock(vault)?;
    progress(&format!("Adding {}…", count(read.contents.len(), "entry", "entries")));
    let added = session.import(&read.contents)?;
    session.close()?;
    progress("");
    let days = read.contents.iter().map(|content| content.date);
    let report = Report {
        found: read.contents.len() + read.skipped,
        imported: added.imported,
        duplicates: added.duplicates,
        skipped: read.skipped,
        media: read.media,
        first: days.clone().min(),
        last: days.max(),
        problems: read.problems,
    };
    print(context.format, &report, print_report)
}

/// Writes everything to a file that anybody can read.
pub(super) fn export(context: &Context, arguments: &Export) -> Result<(), Failure> {
    let to_stdout = arguments.path.as_os_str() == "-";
    if !to_stdout && arguments.path.symlink_metadata().is_ok() {
        let shown = arguments.path.display();
        return Err(Failure::new(format!("a file is already there, choose another name: {shown}")));
    }
    let session = context.open()?;
    let mut entries = Vec::new();
    session.for_each_entry(&mut |entry| entries.push(entry))?;
    let format = match arguments.format {
        ExportFormat::Json => Format::Json,
        ExportFormat::Markdown => Format::Markdown,
    };
    if to_stdout {
        print_with(|out| export::write(&entries, format, out))?;
        warn(PLAINTEXT);
        return Ok(());
    }
    export::to_file(&entries, format, &arguments.path)
        .map_err(|error| Failure::file("could not export", &error, &arguments.path))?;
    warn(PLAINTEXT);
    let path = arguments.path.to_string_lossy().into_owned();
    print(context.format, &Exported { path, entries: entries.len() }, |done, out| {
        writeln!(out, "{} in {}", count(done.entries, "entry", "entries"), done.path)
    })
}

#[derive(Serialize)]
struct Report {
    found: usize,
    imported: usize,
    duplicates: usize,
    skipped: usize,
    media: usize,
    problems: Vec<Problem>,
    first: Option<jiff::civil::Date>,
    last: Option<jiff::civil::Date>,
}

#[derive(Serialize)]
struct Exported {
    path: String,
    entries: usize,
}

fn print_report(report: &Report, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    writeln!(out, "{} found", count(report.found, "entry", "entries"))?;
    writeln!(
        out,
        "{} imported, {} there already, {} skipped",
        report.imported, report.duplicates, report.skipped
    )?;
    if let (Some(first), Some(last)) = (report.first, report.last) {
        writeln!(out, "from {first} to {last}")?;
    }
    for problem in report.problems.iter().take(PROBLEMS_SHOWN) {
        writeln!(out, "  {}: {}", problem.place, problem.what)?;
    }
    match report.problems.len().saturating_sub(PROBLEMS_SHOWN) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more (all with --json)"),
    }
}
