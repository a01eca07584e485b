use std::io::Write as _;

use jiff::civil::{date, time};
use proptest::prelude::*;

use super::*;

fn import(bytes: &[u8]) -> Import {
    read_from(|| Ok(bytes)).unwrap_or_else(|_| panic!("nothing was read"))
}

fn refusal(bytes: &[u8]) -> String {
    match read_from(|| Ok(bytes)) {
        Err(encoding::Error::Format(what)) => what,
        _ => panic!("this should be refused"),
    }
}

fn problems(import: &Import) -> Vec<(&str, &str)> {
    import.problems.iter().map(|problem| (problem.place.as_str(), problem.what)).collect()
}

#[test]
fn every_field_of_an_entry_is_read() {
    let import = import(
        br##"{"date":"2024-02-29","time":"21:05","title":"Tea","text":"a\r\nb","tags":["#walk","Anna B"],"mood":4,"starred":true,"zone":"Europe/Rome","weather":{"c":3},"id":"x"}"##,
    );
    let content = &import.contents[0];
    assert_eq!(content.date, date(2024, 2, 29));
    assert_eq!(content.time, Some(time(21, 5, 0, 0)));
    assert_eq!((content.title.as_str(), content.text.as_str()), ("Tea", "a\nb"));
    assert_eq!(content.tags, ["walk", "Anna B"]);
    assert_eq!((content.mood, content.starred), (Some(4), true));
    assert_eq!(content.zone.as_deref(), Some("Europe/Rome"));
    assert_eq!(serde_json::to_string(&content.extra).unwrap(), r#"{"weather":{"c":3}}"#);
    assert!(import.problems.is_empty());
}

#[test]
fn numbers_of_other_programs_read_back_as_they_were() {
    let number = "5".repeat(69);
    let import = import(format!(r#"{{"date":"2024-02-29","text":"x","n":{number}}}"#).as_bytes());
    let again = serde_json::to_vec(&import.contents[0]).unwrap();
    assert!(serde_json::from_slice::<Content>(&again).unwrap() == import.contents[0]);
}

#[test]
fn a_bad_line_costs_no_other() {
    let lines = [
        r#"{"date":"2024-01-01","text":"one"}"#,
        r#"{"date":"2024-13-01","text":"month 13"}"#,
        "",
        r#"{"date":"2023-02-29","text":"no leap year"}"#,
        r#"{"date":"2024-01-02"}"#,
        "not json",
        "[1]",
        r#"{"date":"2024-01-03","text":"half a pair \ud800"}"#,
        r#"{"date":"2024-01-04","text":"two"}"#,
    ];
    let import = import(lines.join("\r\n").as_bytes());
    let texts: Vec<_> = import.contents.iter().map(|content| content.text.as_str()).collect();
    assert_eq!(texts, ["one", "two"]);
    assert_eq!(import.skipped, 6);
    assert_eq!(
        problems(&import),
        [
            ("line 2", "the date is not YYYY-MM-DD"),
            ("line 4", "the date is not YYYY-MM-DD"),
            ("line 5", "no text"),
            ("line 6", "not valid JSON"),
            ("line 7", "not a JSON object"),
            ("line 8", "not valid JSON"),
        ]
    );
}

#[test]
fn what_is_wrong_beside_date_and_text_costs_only_itself() {
    let import = import(
        br#"{"date":"2024-01-01","text":"a","time":"25:00","mood":9,"tags":["",3,"ok"],"photos":[{},{}]}"#,
    );
    let content = &import.contents[0];
    assert_eq!((content.time, content.mood), (None, None));
    assert_eq!(content.tags, ["ok"]);
    assert_eq!((import.media, import.skipped), (2, 0));
    assert_eq!(import.problems.len(), 3);
}

#[test]
fn byte_order_marks_and_utf_16_are_read() {
    let line = "{\"date\":\"2024-01-01\",\"text\":\"größer 🌱\"}\n";
    let utf8 = [b"\xef\xbb\xbf".as_slice(), line.as_bytes()].concat();
    let little: Vec<u8> =
        [0xfeff].into_iter().chain(line.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> =
        [0xfeff].into_iter().chain(line.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    for bytes in [utf8, little, big] {
        assert_eq!(import(&bytes).contents[0].text, "größer 🌱");
    }
}

#[test]
fn a_document_or_a_list_is_read_in_any_layout() {
    let one = r#"{"date":"2024-01-01","text":"one"}"#;
    let two = r#"{"date":"2024-01-02","text":"two"}"#;
    for document in [
        format!(r#"{{"entries":[{one},{two}]}}"#),
        format!("[\n{one},\n{two}\n]"),
        format!("\n{{\n \"version\": 1,\n \"entries\": [\n{one},\n{two}\n]\n}}\n"),
    ] {
        assert_eq!(import(document.as_bytes()).contents.len(), 2, "{document}");
    }
    let broken_off = format!("[\n{one}\n");
    assert_eq!(import(broken_off.as_bytes()).contents.len(), 1);
}

#[test]
fn a_file_of_another_kind_is_refused_with_its_name() {
    assert_eq!(refusal(b""), "the file is empty");
    assert!(refusal(b"PK\x03\x04abc").contains("zip archive"));
    assert!(refusal(b"SQLite format 3\0").contains("database"));
    assert!(refusal(b"Dear diary,\nall is well\n").contains("no entry"));
    assert!(refusal(&[0; 4096]).contains("no entry"));
    assert!(refusal("[".repeat(1_000_000).as_bytes()).contains("no entry"));
}

#[test]
fn a_long_line_is_read_and_a_monstrous_one_is_left_out() {
    let line = |length: usize| {
        format!("{{\"date\":\"2024-01-01\",\"text\":\"{}\"}}\n", "a".repeat(length))
    };
    let file = [line(10 << 20), line(33 << 20), line(3)].concat();
    let import = import(file.as_bytes());
    assert_eq!(import.contents.len(), 2);
    assert_eq!(problems(&import), [("line 2", "longer than 32 MiB")]);
}

#[test]
fn deep_nesting_is_left_out_and_its_entry_kept() {
    let nested = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let import = import(format!(r#"{{"date":"2024-01-01","text":"a","x":{nested}}}"#).as_bytes());
    assert!(import.contents[0].extra.is_empty());
    assert_eq!(problems(&import), [("line 1", "a field is nested too deeply, left out")]);
}

#[test]
fn nul_and_bytes_that_are_no_text_cost_only_their_line() {
    let file = b"{\"date\":\"2024-01-01\",\"text\":\"a\0b\"}\n{\"date\":\"2024-01-01\",\"text\":\"\xff\"}\n{\"date\":\"2024-01-01\",\"text\":\"a\\u0000b\"}\n";
    let import = import(file);
    assert_eq!(import.contents.len(), 1);
    assert_eq!(problems(&import), [("line 1", "not valid JSON"), ("line 2", "not UTF-8")]);
}

#[test]
fn a_folder_and_a_missing_file_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(read(folder.path()), Err(Error::Format { .. })));
    let missing = folder.path().join("none.jsonl");
    let message = read(&missing).err().unwrap().to_string();
    assert!(message.starts_with("could not read the file: no such file"), "{message}");
    let mut file = fs::File::create(&missing).unwrap();
    file.write_all(br#"{"date":"2024-01-01","text":"one"}"#).unwrap();
    assert_eq!(read(&missing).ok().map(|import| import.contents.len()), Some(1));
}

#[test]
fn dates_and_times_have_one_form() {
    for wrong in ["2024-1-01", "20240101", "2024-01-01T10:00", "-024-01-01", "２024-01-01", ""] {
        assert_eq!(parse_date(wrong), None, "{wrong}");
    }
    for wrong in ["9:00", "24:00", "12:60", "12:00:61", "12:00 ", "12.00", "12:00.5"] {
        assert_eq!(parse_time(wrong), None, "{wrong}");
    }
    assert_eq!(parse_time("23:59:59.5"), Some(time(23, 59, 59, 500_000_000)));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        let _ = read_from(|| Ok(bytes.as_slice()));
    }

    #[test]
    fn arbitrary_json_lines_never_panic(
        lines in proptest::collection::vec(
            r#"\{"date":("[0-9]{4}-[0-9]{2}-[0-9]{2}"|3|null),"(text|time|tags|mood|title)":("[^"\\]{0,20}"|\[|\{|[0-9e.-]{1,6}|null)\}?"#,
            0..20,
        )
    ) {
        let file = lines.join("\n");
        if let Ok(import) = read_from(|| Ok(file.as_bytes())) {
            prop_assert!(import.contents.len() + import.skipped <= file.lines().count());
        }
    }

    #[test]
    fn any_text_comes_through(text in "\\PC{1,200}") {
        prop_assume!(!text.trim().is_empty());
        let line = serde_json::json!({ "date": "2024-01-01", "text": text }).to_string();
        prop_assert_eq!(&import(line.as_bytes()).contents[0].text, &text);
    }
}
