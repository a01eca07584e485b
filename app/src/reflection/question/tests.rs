use super::*;
use crate::reflection::{
    ask,
    script::{Script, entry},
};

const DAY: &str = "I argued with Marta about the flat and I felt ashamed afterwards. Tomorrow I want to call my sister back. \
    I am not sure whether I should take the job in Leeds. Dinner was soup.";

fn questions(model: &mut Script, text: &str, before: &[String]) -> Vec<Question> {
    ask(model, &entry(1, text), 3, before, &CancelToken::default(), &mut |_| {}).unwrap()
}

#[test]
fn three_questions_rest_on_three_phrases_word_for_word() {
    let asked = questions(&mut Script::new(&[]), DAY, &[]);
    assert_eq!(asked.len(), 3);
    for question in &asked {
        assert!(DAY.contains(&question.rests_on));
        assert!(question.text.ends_with('?'));
    }
    assert!(asked[0].rests_on != asked[1].rests_on && asked[1].rests_on != asked[2].rests_on);
}

#[test]
fn what_was_asked_is_not_asked_again() {
    let mut before: Vec<String> = Vec::new();
    for _ in 0..3 {
        let asked = questions(&mut Script::new(&[]), DAY, &before);
        assert!(asked.iter().all(|q| !before.contains(&q.text)));
        before.extend(asked.into_iter().map(|q| q.text));
    }
}

#[test]
fn a_fit_wording_of_the_model_is_used_and_an_unfit_one_is_not() {
    let mut model =
        Script::new(&[" would you say to Marta first", " is the main idea of your reflection"]);
    let asked = questions(
        &mut model,
        "I argued with Marta about the flat. I am not sure whether I should take the job.",
        &[],
    );
    let all: String = asked.iter().map(|q| q.text.as_str()).collect();
    assert!(!all.contains("main idea"), "{all}");
}

#[test]
fn no_model_is_asked_about_a_crisis() {
    let mut model = Script::new(&["what did you learn"]);
    assert!(questions(&mut model, "I want to die.", &[]).is_empty());
    assert!(model.prompts.is_empty());
}

#[test]
fn a_stopped_asking_keeps_what_was_released() {
    let cancel = CancelToken::default();
    let stop = cancel.clone();
    let asked = ask(&mut Script::new(&[]), &entry(1, DAY), 3, &[], &cancel, &mut |p| {
        if matches!(p, Progress::Text(_)) {
            stop.cancel();
        }
    });
    assert_eq!(asked.unwrap().len(), 1);
}

#[test]
fn other_languages_are_asked_in_their_own() {
    let asked = questions(
        &mut Script::new(&[]),
        "Ich habe mich mit Marta gestritten. Ich möchte morgen mit ihr reden.",
        &[],
    );
    assert!(asked.iter().any(|q| q.text.contains('„')));
}

#[test]
fn an_entry_without_a_phrase_has_no_question() {
    assert!(questions(&mut Script::new(&[]), "Rain.", &[]).is_empty());
    assert!(questions(&mut Script::new(&[]), "", &[]).is_empty());
}

#[test]
fn a_happy_word_in_a_sad_entry_is_not_asked_about_as_happiness() {
    let kinds = |text| -> Vec<phrase::Kind> {
        phrases(text, Language::English).into_iter().map(|phrase| phrase.kind).collect()
    };
    let happy = "I had a wonderful evening with Marta at the lake.";
    assert!(kinds(happy).contains(&phrase::Kind::Pleasant));
    let sad = format!("The funeral was today. {happy} I am so sad that she is dead.");
    assert!(!kinds(&sad).contains(&phrase::Kind::Pleasant));
}
