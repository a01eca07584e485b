//! A reading of Rust source that is just enough for budgets: text without comments and strings, and where functions are.
use std::{
    ops::Range,
    path::{Path, PathBuf},
};

/// A Rust file of the workspace.
pub struct Source {
    /// From the workspace root.
    pub path: PathBuf,
    /// As written.
    pub text: String,
    /// Comments, strings and characters blanked, so that words and braces are code; same length, same lines.
    pub code: String,
}

/// A function with a body.
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line it starts on, from 1.
    pub line: usize,
    /// From its signature to its closing brace.
    pub num_lines: usize,
    /// What stands between `fn` and the body.
    pub signature: String,
    /// Whether it is seen outside its crate.
    pub public: bool,
}

impl Source {
    /// Reads a file.
    pub fn read(root: &Path, path: &Path) -> Self {
        let text = std::fs::read_to_string(root.join(path)).unwrap();
        let code = blank(&text);
        Self { path: path.to_owned(), text, code }
    }

    /// Whether the whole file is a test's.
    pub fn is_test(&self) -> bool {
        self.path.starts_with("tests")
            || self.path.starts_with("fuzz")
            || self
                .path
                .components()
                .any(|part| part.as_os_str() == "tests" || part.as_os_str() == "benches")
            || self.path.file_stem().is_some_and(|stem| stem == "tests")
    }

    /// Files of modules that it declares for tests only.
    pub fn test_modules(&self) -> Vec<PathBuf> {
        let stem = self.path.file_stem().unwrap_or_default();
        let folder = if stem == "lib" || stem == "main" {
            self.path.with_file_name("")
        } else {
            self.path.with_extension("")
        };
        let declared = self.code.split("#[cfg(test)]").skip(1).filter_map(|rest| {
            let rest = rest.trim_start().trim_start_matches("pub(crate) ").strip_prefix("mod ")?;
            rest.split_once(';').map(|(name, _)| name).filter(|name| !name.contains('{'))
        });
        declared.map(|name| folder.join(format!("{name}.rs"))).collect()
    }

    /// Code without modules under `#[cfg(test)]`.
    pub fn product_code(&self) -> String {
        let mut code = self.code.clone();
        while let Some(start) = code.find("#[cfg(test)]") {
            let end = item_end(&code, start).max(start + 1);
            code.replace_range(start..end, &blank_lines(&code[start..end]));
        }
        code
    }

    /// Functions outside tests.
    pub fn functions(&self) -> Vec<Function> {
        let code = self.product_code();
        word_positions(&code, "fn").filter_map(|at| function_at(&code, at)).collect()
    }
}

fn function_at(code: &str, at: usize) -> Option<Function> {
    let rest = &code[at + 2..];
    let name: String =
        rest.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let open = rest.find(['{', ';'])?;
    if name.is_empty() || rest[open..].starts_with(';') {
        return None;
    }
    let body = braces(code, at + 2 + open);
    let line_start = code[..at].rfind('\n').map_or(0, |newline| newline + 1);
    Some(Function {
        name,
        line: code[..at].lines().count().max(1),
        num_lines: code[at..body.end].lines().count(),
        signature: rest[..open].to_owned(),
        public: code[line_start..at].trim_start().starts_with("pub "),
    })
}

/// Where a word stands alone.
pub fn word_positions<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        !code[..*at].ends_with(is_part) && !code[at + word.len()..].starts_with(is_part)
    })
}

/// The end of the item that follows an attribute: its closing brace, or its semicolon.
fn item_end(code: &str, start: usize) -> usize {
    match code[start..].find(['{', ';']) {
        Some(at) if code[start + at..].starts_with('{') => braces(code, start + at).end,
        Some(at) => start + at + 1,
        None => code.len(),
    }
}

/// From an opening brace to behind the closing one.
fn braces(code: &str, open: usize) -> Range<usize> {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return open..at + 1;
        }
    }
    open..code.len()
}

/// Blanks comments, strings and characters.
fn blank(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let len = literal_len(rest, code.chars().next_back()).unwrap_or(0);
        if len > 0 {
            code.push_str(&blank_lines(&rest[..len]));
        } else {
            code.push(if first.is_ascii() { first } else { '_' });
        }
        rest = &rest[len.max(first.len_utf8())..];
    }
    code
}

/// The length of the comment, string or character at the start, if one starts here.
fn literal_len(rest: &str, previous: Option<char>) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(rest.len(), |at| at + 2));
    }
    let in_word = previous.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if rest.starts_with('r') && !in_word {
        return raw_string_len(&rest[1..]).map(|len| len + 1);
    }
    if rest.starts_with('"') {
        return Some(quoted_len(rest, '"'));
    }
    // A lifetime is no character: its quote isn't closed one character on.
    let character = rest.strip_prefix('\'')?;
    if character.starts_with('\\') {
        return Some(quoted_len(rest, '\''));
    }
    let len = character.chars().next()?.len_utf8();
    character[len..].starts_with('\'').then_some(len + 2)
}

fn raw_string_len(rest: &str) -> Option<usize> {
    let hashes = rest.bytes().take_while(|byte| *byte == b'#').count();
    let body = rest[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(hashes + 1 + body.find(&end).map_or(body.len(), |at| at + end.len()))
}

fn quoted_len(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// As many bytes of spaces, and the same lines.
fn blank_lines(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}
