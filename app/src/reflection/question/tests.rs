use super::*;
use crate::reflection::{
    ask,
    script::{Script, entry},
};

const DAY: &str = "I argued with Marta about the flat and I felt ashamed afterwards. Tomorrow I want to call my sister back. \
    I am not sure whether I should take the job in Leeds. Dinner was soup.";

fn wish(before: &[String]) -> Wish {
    Wish { count: 3, style: Style::Questions, asked_before: before.to_vec() }
}

fn questions(model: &mut Script, text: &str, before: &[String]) -> Vec<Question> {
    ask(model, &entry(1, text), &wish(before), &CancelToken::default(), &mut |_| {}).unwrap()
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
fn no_model_is_asked_about_a_crisis() {
    let mut model = Script::new(&["what did you learn"]);
    assert!(questions(&mut model, "I want to die.", &[]).is_empty());
    assert!(model.prompts.is_empty());
}

#[test]
fn a_stopped_asking_keeps_what_was_released() {
    let cancel = CancelToken::default();
    let stop = cancel.clone();
    let asked = ask(&mut Script::new(&[]), &entry(1, DAY), &wish(&[]), &cancel, &mut |p| {
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
    assert!(asked.iter().any(|q| q.text.contains("du dich mit Marta gestritten hast")));
}

#[test]
fn an_entry_without_a_phrase_has_no_question() {
    assert!(questions(&mut Script::new(&[]), "Rain.", &[]).is_empty());
    assert!(questions(&mut Script::new(&[]), "", &[]).is_empty());
}

#[test]
fn a_happy_word_in_a_sad_entry_is_not_asked_about_as_happiness() {
    let facets = |text| -> Vec<&str> {
        let found = candidates(text, Language::English, Style::Questions);
        found.iter().map(|candidate| candidate.facet).collect()
    };
    let happy = "I loved the evening with Marta at the lake.";
    assert!(facets(happy).contains(&"pleasant"));
    let sad = format!("The funeral was today. {happy} I am so sad that she is dead.");
    assert!(!facets(&sad).contains(&"pleasant"));
}

fn first(text: &str, style: Style) -> String {
    let wish = Wish { count: 1, style, asked_before: Vec::new() };
    let cancel = CancelToken::default();
    let mut model = Script::new(&[]);
    let asked = ask(&mut model, &entry(1, text), &wish, &cancel, &mut |_| {}).unwrap();
    asked.into_iter().next().map(|question| question.text).unwrap_or_default()
}

#[test]
fn phrases_are_taken_up_in_the_grammar_of_the_question() {
    for (text, taken_up) in [
        ("I want to ring my sister this week.", "your sister this week"),
        ("I can't stop thinking about that card.", "about that card"),
        ("I'm not sure we were right.", "whether you were right"),
        ("I should have stood up for the timeline.", "stood up for the timeline"),
        ("Called Sam first, then Mum.", "when you called Sam first"),
        ("i snapped at jonas over the bottles", "you snapped at jonas over the bottles"),
        ("Ich habe im Auto geweint.", "du im Auto geweint hast"),
        ("J'ai croisé Claire devant la gare.", "tu as croisé Claire devant la gare"),
        ("Hoy discutí con mi hermana.", "discutiste con tu hermana"),
    ] {
        let question = first(text, Style::Questions);
        assert!(question.contains(taken_up), "{question}");
    }
}

#[test]
fn what_is_cut_off_or_no_gift_is_not_taken_up() {
    for (text, awkward) in [
        ("Got up early.", "Whom did you think of"),
        ("Last night, it rained.", "your last night"),
        ("Then came the call from Ruth.", "when you then came"),
        ("My aunt told us how the ship that brought Ruth (a tanker) sank.", "brought Ruth?"),
        ("My brother says he can't, until the lease ends, move out.", "Why do you think"),
        ("I must admit that was the best soup.", "part of admitting"),
    ] {
        let found = candidates(text, Language::English, Style::Questions);
        let asked: Vec<&str> =
            found.iter().flat_map(|c| &c.forms).map(|f| f.text.as_str()).collect();
        assert!(asked.iter().all(|question| !question.contains(awkward)), "{asked:?}");
    }
    let asked = first("so mum and dad told us at dinner.", Style::Gentle);
    assert!(asked.contains("mum and dad told you at dinner"), "{asked}");
    let proud = "Ich war zu stolz, um zu ihm hinüberzugehen.";
    let found = candidates(proud, Language::German, Style::Questions);
    assert!(found.iter().all(|candidate| candidate.facet != "pleasant"));
    let asked = first("Last day at the shop.", Style::Questions);
    assert!(asked.contains("your last day at the shop"), "{asked}");
}

#[test]
fn a_style_changes_the_wording_and_not_what_it_rests_on() {
    let text = "I want to ring Sam this week.";
    assert!(first(text, Style::Gentle).starts_with("You wrote that you want to ring Sam"));
    let direct = first(text, Style::Direct);
    assert!(!direct.contains("You wrote") && direct.contains("Sam this week"), "{direct}");
}

fn all(text: &str, language: Language) -> Vec<String> {
    let found = candidates(text, language, Style::Questions);
    found.into_iter().flat_map(|c| c.forms).map(|form| form.text).collect()
}

#[test]
fn what_would_hang_or_be_cut_is_quoted_or_left() {
    use Language::{English, French, German, Spanish};
    for (language, text, awkward) in [
        (English, "I described them badly to the nurse.", "when you described them"),
        (English, "I hate that she knows the price.", "about that she knows"),
        (English, "I said Sunday.", "when you said"),
        (English, "I said yes, two of them.", "when you said"),
        (English, "I said how wonderful.", "when you said"),
        (English, "I used to hate the swimming lessons.", "hating"),
        (English, "Troubled much with a cold all day.", "you troubled"),
        (English, "Called up by John at six in the morning.", "you called up"),
        (English, "I took coach and to the play with Ann.", "and to the play"),
        (English, "Can't be unlucky this time.", "hard to be unlucky"),
        (English, "My sister thinks I should stop feeding at night.", "“I should"),
        (English, "I to Westminster Hall with the old clerk.", "“I to"),
        (English, "I don't know why I didn't.", "why you didn't"),
        (English, "I said dont be dramatic.", "when you said"),
        (English, "I should say sorry tomorrow.", "would it have changed"),
        (English, "i checked the trains and its 38 quid", "38 quid"),
        (English, "Rained all day on the fields.", "you rained"),
        (English, "Everyone says well deserved.", "think everyone says"),
        (English, "Billy told his teacher that I cry.", "leave unsaid"),
        (English, "To do: passport photos, plumber.", "To do"),
        (German, "Heute Nacht ist Opa gestorben.", "als Nacht"),
        (German, "Ich will nicht mehr in der Band spielen.", "Du willst mehr"),
        (German, "Ich wollte das nicht hören.", "Du wolltest"),
        (English, "Then said such a one, “Yes, I will be true to the king.”", "true to the king"),
        (English, "I have not my head at liberty.", "you have not your head"),
        (English, "I dined at home and Mr. Moore with me.", "and Mr. Moore with you"),
        (German, "Seine Lehrerin hat mich angesehen.", "als seine Lehrerin"),
        (German, "Heidi sagt, ich könne endlich den Keller machen.", "in einem Jahr"),
        (Spanish, "Salí con la caja y el guardia, don Julio, me abrazó.", "y el guardia?"),
        (German, "Ich habe ihr von der Reise erzählt.", "als du ihr"),
        (German, "Ich habe ihren Mantel angezogen.", "als du ihren Mantel"),
        (German, "Eigentlich müsste ich mich freuen.", "Du musst dich freuen"),
        (German, "Ich war so müde, dass ich lachte.", "als du so müde"),
        (French, "Je dois dire à maman que la maison, c'est fini.", "que la maison ?"),
        (French, "J'ai couru pour le raconter.", "quand tu as couru pour le"),
        (Spanish, "No supe abrazarla en el pasillo.", "cuando no supiste abrazarla"),
    ] {
        let asked = all(text, language);
        assert!(asked.iter().all(|question| !question.contains(awkward)), "{asked:?}");
    }
}

#[test]
fn what_belongs_to_a_phrase_stays_with_it() {
    use Language::{English, Spanish};
    for (language, text, whole) in [
        (English, "A kid asked me if I worked there.", "asked you if you worked there"),
        (English, "I must remember to ring the clinic.", "of ringing the clinic"),
        (English, "I should say sorry tomorrow.", "saying sorry tomorrow"),
        (English, "I described them badly to the nurse.", "“I described them badly to the nurse”"),
        (English, "I haven't been so happy since Leeds.", "so happy since Leeds"),
        (English, "I stayed a good while at the office.", "you stayed a good while at the office"),
        (Spanish, "No sé si defiendo la casa o el patio.", "verlo más claro"),
        (Spanish, "Me levanté a las tres y media.", "te levantaste a las tres y media"),
        (Spanish, "Mañana iré a recoger mis llaves.", "irás a recoger tus llaves"),
    ] {
        let asked = all(text, language);
        assert!(asked.iter().any(|question| question.contains(whole)), "{asked:?}");
    }
}

#[test]
fn what_is_still_to_come_is_not_asked_about_as_past() {
    for text in [
        "Tomorrow we are supposed to visit the old church.",
        "Mo wants to quit his job.",
        "It's the lab I have wanted for years, but Noor works here.",
    ] {
        let asked = all(text, Language::English);
        assert!(asked.iter().any(|q| q.contains("how do you feel about that")), "{asked:?}");
        assert!(asked.iter().all(|q| !q.contains("was")), "{asked:?}");
    }
}

#[test]
fn what_somebody_else_did_is_not_asked_about_as_an_own_deed() {
    let mind = "what was going through your mind";
    let other = all("Kieran has stopped calling since I came home.", Language::English);
    assert!(!other.is_empty() && other.iter().all(|q| !q.contains(mind)), "{other:?}");
    let own = all("On the bus home I described them badly to Jo.", Language::English);
    assert!(own.iter().any(|q| q.contains(mind)), "{own:?}");
}

#[test]
fn a_german_quotation_ends_where_it_ends() {
    let text = "Sie sagte „Gute Nacht“. Ich habe im Auto geweint.";
    let asked = all(text, Language::German);
    assert!(asked.iter().any(|q| q.contains("als du im Auto geweint hast")), "{asked:?}");
}

#[test]
fn an_ordinary_entry_has_three_questions() {
    let text = "Drove Mum to the eye clinic. She held my sleeve all the way. The consultant says the left one is gone. \
        On the way home it rained on the fields.";
    assert_eq!(questions(&mut Script::new(&[]), text, &[]).len(), 3);
}
