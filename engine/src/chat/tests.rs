//! Templates render as Hugging Face's do, and instructions are never lost.
use super::ChatTemplate;
use crate::{
    file::Ending,
    gguf::{Gguf, Source, testing::tiny},
    tokenizer::Tokenizer,
};
use serde_json::json;

fn rendered(template: &str, messages: &serde_json::Value) -> Option<String> {
    let bytes = tiny().text("tokenizer.chat_template", template).build();
    let gguf = Gguf::read(&mut Source::new(&bytes[..], bytes.len() as u64)).unwrap();
    let tokenizer = Tokenizer::new(&gguf.metadata).unwrap();
    let template = ChatTemplate::new(&gguf.metadata, &tokenizer).unwrap();
    template.render_json(messages, Ending::LastMessage).ok()
}

#[test]
fn words_and_json_are_pythons() {
    let template = "{{ none }} {{ true }} {{ [1, 'ä', {'a': none}] | tojson }} {{ ' x '.strip() }}{{ missing }}";
    let expected = "None True [1, \"ä\", {\"a\": null}] x";
    assert_eq!(rendered(template, &json!([])).unwrap(), expected);
}

#[test]
fn instructions_are_folded_in_where_a_template_has_no_role_for_them() {
    let messages =
        json!([{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}]);
    let loops = "{% for m in messages %}{{ m.role }}: {{ m.content }};{% endfor %}";
    assert_eq!(rendered(loops, &messages).unwrap(), "system: Be kind.;user: Hi;");
    let refuses = "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}";
    let ignores =
        "{% for m in messages if m.role != 'system' %}{{ m.role }}: {{ m.content }};{% endfor %}";
    for template in [format!("{refuses}{loops}"), ignores.to_owned()] {
        assert_eq!(rendered(&template, &messages).unwrap(), "user: Be kind.\n\nHi;");
    }
    assert!(rendered("{{ raise_exception('never') }}", &messages).is_none());
}

#[test]
fn a_template_that_would_fill_memory_is_refused() {
    for template in [
        "{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set x = 'a' * 99999 %}{{ x.replace('a', x) | length }}",
        "{% set x = 'a' * 99999 %}{{ x.replace('', x, 99999) | length }}",
        "{% set x = ['a' * 99999] * 99999 %}{{ ''.join(x) | length }}",
        "{% set x = ['a' * 99999] * 99999 %}{{ ''.join([x]) | length }}",
        "{% set x = ['a' * 99999] * 99999 %}{{ '{}'.format(x) | length }}",
        "{{ '{:>99999999999}'.format(1) }}",
        "{{ ('{0}' * 99999).format('a' * 99999) }}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    ] {
        assert!(rendered(template, &json!([])).is_none(), "{template}");
    }
    let usual = "{{ 'a-b'.replace('-', '+') }}{{ 'aaa'.replace('a', 'b', 1) }}{{ ', '.join(['x', 'y']) }}{{ '{:02d}'.format(7) }} {{ '-'.join({'k': 1}.keys()) }} {{ ','.join(['x', 'y'] | map('upper') | reverse) }}";
    assert_eq!(rendered(usual, &json!([])).unwrap(), "a+bbaax, y07 k Y,X");
}

#[test]
fn marks_for_trainers_are_left_out_and_none_is_not_iterable() {
    let template = "{% for m in messages %}\n  {%- generation -%} {{ m.content }} {% endgeneration %}\n;{% endfor %}";
    let messages = json!([{"role": "assistant", "content": "Hi"}]);
    assert_eq!(rendered(template, &messages).unwrap(), "Hi ;");
    let tests =
        "{{ none is iterable }} {{ [] is iterable }} {{ 'a' is iterable }} {{ 1 is iterable }}";
    assert_eq!(rendered(tests, &json!([])).unwrap(), "False True True False");
}
