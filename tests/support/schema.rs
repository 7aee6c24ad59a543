//! Documents held against their JSON Schemas.

use serde_json::Value;

/// The document that was printed; it keeps to the schema.
pub(crate) fn document(printed: &[u8], schema: &str) -> Value {
    let document: Value = serde_json::from_slice(printed).unwrap();
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
    document
}
