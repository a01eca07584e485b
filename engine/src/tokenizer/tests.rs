//! Tokens and text, there and back.
use super::{Kind, Segment, TextStream, Tokenizer, keep_ends_from_text, split::Split};
use crate::gguf::{Gguf, Source, testing::tiny};
use proptest::prelude::*;

fn tokenizer() -> Tokenizer {
    let bytes = tiny().build();
    let gguf = Gguf::read(&mut Source::new(&bytes[..], bytes.len() as u64)).unwrap();
    Tokenizer::new(&gguf.metadata).unwrap()
}

fn words<'a>(split: &str, text: &'a str) -> Vec<&'a str> {
    let mut words = Vec::new();
    let split = Split::named(split).unwrap().unwrap();
    split.words(text, &mut |word| words.push(word));
    words
}

#[test]
fn words_are_cut_as_the_models_were_trained() {
    let text = "I'm  here, we'll\n\n go 123";
    let gpt2 = ["I", "'m", " ", " here", ",", " we", "'ll", "\n\n", " go", " 123"];
    assert_eq!(words("gpt-2", text), gpt2);
    let digits = ["I", "'m", " ", " here", ",", " we", "'ll", "\n\n", " go", " ", "1", "2", "3"];
    assert_eq!(words("smollm", text), digits);
    let llama3 = ["I", "'m", " ", " here", ",", " we", "'ll", "\n\n", " go", " ", "123"];
    assert_eq!(words("llama-bpe", text), llama3);
    assert_eq!(words("qwen2", "I'VE 12.\n x"), ["I", "'VE", " ", "1", "2", ".\n", " x"]);
}

#[test]
fn merges_are_made_and_control_tokens_are_named_by_templates_only() {
    let tokenizer = tokenizer();
    let mut tokens = Vec::new();
    tokenizer.encode_text("hehe<|end|>", true, &mut tokens);
    assert_eq!(tokens[..2], [256, 256]);
    assert_eq!(tokens.len(), 2 + "<|end|>".len());
    let segments = tokenizer.segments("a<|start|>he<|end|>");
    let expected = [
        Segment::Text("a".into()),
        Segment::Control(257),
        Segment::Text("he".into()),
        Segment::Control(258),
    ];
    assert!(segments == expected);
    assert_eq!(tokenizer.encode(&segments), [u32::from(b'a'), 257, 256, 258]);
    assert!(tokenizer.ends_turn(258) && !tokenizer.ends_turn(256));
}

#[test]
fn what_ends_a_text_is_no_text_whatever_the_file_says() {
    let texts = ["</s>", "<|end|>", "<|user|>", "he"].into_iter().collect();
    let mut kinds = [Kind::Added, Kind::Normal, Kind::Added, Kind::Normal];
    keep_ends_from_text(&texts, &mut kinds);
    assert!(kinds == [Kind::Control, Kind::Control, Kind::Added, Kind::Normal]);
}

proptest! {
    #[test]
    fn text_comes_back_and_never_holds_control_tokens(text: String) {
        let tokenizer = tokenizer();
        let mut tokens = Vec::new();
        tokenizer.encode_text(&text, true, &mut tokens);
        let bytes: Vec<u8> = tokens.iter().flat_map(|&token| tokenizer.bytes(token)).copied().collect();
        prop_assert_eq!(String::from_utf8(bytes).unwrap(), text);
    }

    #[test]
    fn words_together_are_the_text(text in "[a-zA-Z0-9' \\n\\r\\tß🙂é.,\u{300}]{0,40}") {
        for split in ["gpt-2", "smollm", "llama-bpe", "qwen2", "tekken", "gpt-4o", "deepseek-llm", "falcon", "viking"] {
            let words = words(split, &text);
            prop_assert!(words.iter().all(|word| !word.is_empty()));
            prop_assert_eq!(words.concat(), text.as_str());
        }
    }

    #[test]
    fn streamed_text_is_whole_however_its_bytes_come(text: String, step in 1..5_usize) {
        let mut stream = TextStream::new(&[]);
        let mut out: String = text.as_bytes().chunks(step).map(|bytes| stream.push(bytes)).collect();
        out += &stream.finish();
        prop_assert_eq!(out, text);
    }

    #[test]
    fn nothing_from_a_stop_string_on_is_told(text in "[abc]{0,30}", stop in "[abc]{1,4}", step in 1..5_usize) {
        let stops = [stop.clone()];
        let mut stream = TextStream::new(&stops);
        let mut out = String::new();
        for bytes in text.as_bytes().chunks(step) {
            out += &stream.push(bytes);
            if stream.stopped() {
                break;
            }
        }
        out += &stream.finish();
        prop_assert_eq!(out, text.split(&stop).next().unwrap());
    }
}
