//! Documents held against their schemas.

#![allow(dead_code, reason = "each test program uses its own part")]

use jsonschema::Validator;
use quick_xml::events::Event;
use serde_json::Value;

/// The document that was printed; it keeps to the schema.
pub(crate) fn document(printed: &[u8], schema: &str) -> Value {
    let document: Value = serde_json::from_slice(printed).unwrap();
    keeps_to(&validator(schema), &document);
    document
}

pub(crate) fn validator(schema: &str) -> Validator {
    jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap()
}

pub(crate) fn keeps_to(schema: &Validator, document: &Value) {
    let errors = schema.iter_errors(document);
    let errors: Vec<String> = errors.map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new(), "{document}");
}

/// The document is well-formed XML.
pub(crate) fn is_xml(document: &str) {
    let mut reader = quick_xml::Reader::from_str(document);
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {document}")) {
            Event::Eof => return,
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    attribute.unwrap();
                }
            }
            _ => {}
        }
    }
}
