//! The sheet of a recovery phrase: what a person keeps on paper, as a PDF of one page.
use std::fmt::Write as _;

use zeroize::Zeroizing;

use crate::text::text;

/// Parts of a phrase on a line of the sheet.
const PARTS_A_LINE: usize = 4;

/// The words or groups that a phrase is made of.
#[must_use]
pub fn parts(phrase: &str) -> Vec<&str> {
    phrase.split(['-', ' ']).filter(|part| !part.is_empty()).collect()
}

/// Which two parts a person is asked to type back, to show that they wrote it down. The phrase
/// itself chooses: it is random, and what is asked stays the same while it is shown.
#[must_use]
pub fn asked(phrase: &str) -> [usize; 2] {
    let sum: usize = phrase.bytes().map(usize::from).sum();
    let count = parts(phrase).len().max(2);
    let first = sum % count;
    let second = (first + 1 + (sum / count) % (count - 1)) % count;
    [first.min(second), first.max(second)]
}

/// A page of A4 with the phrase and what it is for.
#[must_use]
pub fn pdf(phrase: &str) -> Vec<u8> {
    let page = Zeroizing::new(page(phrase));
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R\
         /Resources<</Font<</T 4 0 R/M 5 0 R>>>>>>"
            .to_owned(),
        font("Helvetica"),
        font("Courier-Bold"),
        format!("<</Length {}>>stream\n{}endstream", page.len(), *page),
    ];
    let objects = objects.map(Zeroizing::new);
    let mut file = Zeroizing::new("%PDF-1.4\n".to_owned());
    let mut places = String::new();
    for (number, object) in (1..).zip(&objects) {
        // Writing into a string does not fail.
        let _ = writeln!(places, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{number} 0 obj\n{}\nendobj\n", **object);
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let _ = write!(
        file,
        "xref\n0 {size}\n0000000000 65535 f \n{places}trailer<</Size {size}/Root 1 0 R>>\n\
         startxref\n{start}\n%%EOF\n"
    );
    file.as_bytes().to_vec()
}

fn font(name: &str) -> String {
    format!("<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>")
}

/// What is drawn, from the top: a heading, the phrase in lines, what it is for.
fn page(phrase: &str) -> String {
    let mut page = String::new();
    let mut line = |font: &str, size: u32, y: usize, words: &str| {
        let _ = writeln!(page, "BT /{font} {size} Tf 72 {y} Td ({}) Tj ET", escaped(words));
    };
    line("T", 22, 740, &text("sheet-title"));
    let mut y = 690;
    for (at, parts) in parts(phrase).chunks(PARTS_A_LINE).enumerate() {
        let numbered = (1 + at * PARTS_A_LINE..).zip(parts);
        let words: Vec<_> = numbered.map(|(n, part)| format!("{n}. {part}")).collect();
        line("M", 13, y, &words.join("   "));
        y -= 26;
    }
    y -= 14;
    for explanation in text("sheet-explanation").lines() {
        line("T", 11, y, explanation.trim());
        y -= 18;
    }
    page
}

/// A PDF string: brackets and backslashes are marked, what the fonts lack becomes a question mark.
fn escaped(words: &str) -> String {
    let mut escaped = String::with_capacity(2 * words.len());
    for c in words.chars() {
        match c {
            '(' | ')' | '\\' => escaped.extend(['\\', c]),
            ' '..='~' => escaped.push(c),
            _ => escaped.push('?'),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHRASE: &str = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345";

    #[test]
    fn the_sheet_is_a_pdf_whose_places_are_right() {
        let file = String::from_utf8(pdf(PHRASE)).unwrap();
        assert!(file.starts_with("%PDF-1.4\n") && file.ends_with("%%EOF\n"));
        let xref = file.find("xref\n").unwrap();
        assert!(file.contains(&format!("startxref\n{xref}\n")));
        let places = file[xref..].lines().skip(3).take(6);
        for (number, place) in (1..).zip(places) {
            let at: usize = place.split(' ').next().unwrap().parse().unwrap();
            assert!(file[at..].starts_with(&format!("{number} 0 obj\n")), "{number}");
        }
        let length = file.split("/Length ").nth(1).unwrap().split('>').next().unwrap();
        let stream = &file[file.find("stream\n").unwrap() + "stream\n".len()..];
        assert_eq!(stream.find("endstream"), length.parse().ok());
        for part in parts(PHRASE) {
            assert!(file.contains(part), "{part}");
        }
    }

    #[test]
    fn two_different_parts_are_asked_for() {
        for words in 2..30 {
            let phrase = vec!["word"; words].join(" ");
            let [first, second] = asked(&phrase);
            assert!(first < second && second < words, "{first} {second} of {words}");
        }
        assert_eq!(asked(PHRASE), asked(PHRASE));
    }

    #[test]
    fn brackets_do_not_end_a_string() {
        assert_eq!(escaped("a(b)\\ü"), "a\\(b\\)\\\\?");
    }
}
