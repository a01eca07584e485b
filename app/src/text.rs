//! The words of the interface, from the Fluent files in `assets/locale`.
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The Fluent files of the language in use.
const SOURCES: [&str; 7] = [
    include_str!("../../assets/locale/en/insight.ftl"),
    include_str!("../../assets/locale/en/journal.ftl"),
    include_str!("../../assets/locale/en/keeping.ftl"),
    include_str!("../../assets/locale/en/locking.ftl"),
    include_str!("../../assets/locale/en/picker.ftl"),
    include_str!("../../assets/locale/en/reflection.ftl"),
    include_str!("../../assets/locale/en/settings.ftl"),
];

thread_local! {
    static BUNDLE: FluentBundle<FluentResource> = bundle();
}

/// The words for `id`.
#[must_use]
pub fn text(id: &str) -> String {
    format(id, None)
}

/// The words for `id` with values put in.
#[must_use]
pub fn text_with<'a, const N: usize>(
    id: &str,
    values: [(&'static str, FluentValue<'a>); N],
) -> String {
    let args: FluentArgs<'a> = values.into_iter().collect();
    format(id, Some(&args))
}

/// A damaged message shows its id: a test keeps that from happening.
fn format(id: &str, args: Option<&FluentArgs<'_>>) -> String {
    BUNDLE.with(|bundle| {
        bundle.get_message(id).and_then(|message| message.value()).map_or_else(
            || id.to_owned(),
            |pattern| bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned(),
        )
    })
}

/// What is wrong in a file is left out, what is right is used.
fn bundle() -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new(vec![LanguageIdentifier::default()]);
    // The marks that isolate right-to-left values would show as boxes.
    bundle.set_use_isolating(false);
    for source in SOURCES {
        let resource = FluentResource::try_new(source.to_owned())
            .unwrap_or_else(|(resource, _errors)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        fs,
        path::{Path, PathBuf},
    };

    use super::*;

    fn rust_files(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries
            .flat_map(|path| match path.is_dir() {
                true => rust_files(&path),
                false => vec![path],
            })
            .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
            .collect()
    }

    /// Ids are always written out as the first argument, so that they can be found.
    fn used_ids() -> BTreeSet<String> {
        let sources = rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
        let sources = sources.iter().map(|path| fs::read_to_string(path).unwrap());
        sources.flat_map(|source| ids_in(&source)).collect()
    }

    fn ids_in(source: &str) -> Vec<String> {
        ["text(", "text_with("]
            .iter()
            .flat_map(|call| source.split(call).skip(1))
            .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
            .filter(|id| id.contains('-'))
            .map(str::to_owned)
            .collect()
    }

    fn defined_ids() -> BTreeSet<String> {
        let lines = SOURCES.iter().flat_map(|source| source.lines());
        lines
            .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
            .filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned()))
            .collect()
    }

    #[test]
    fn every_file_parses() {
        for source in SOURCES {
            assert!(FluentResource::try_new(source.to_owned()).is_ok());
        }
    }

    #[test]
    fn every_id_in_use_exists_and_none_is_left_over() {
        let (used, defined) = (used_ids(), defined_ids());
        assert_eq!(used.difference(&defined).collect::<Vec<_>>(), Vec::<&String>::new());
        assert_eq!(defined.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new());
    }

    #[test]
    fn values_are_put_in_and_counted() {
        assert_eq!(text_with("search-total", [("count", 1.into())]), "1 entry");
        assert_eq!(text_with("search-total", [("count", 12.into())]), "12 entries");
    }
}
