//! What is given to a command with `--from`: JSON or YAML, told apart by the first character.

use crate::domain::node::Node;

use super::json;
use super::yaml::{self, Fault};

/// Reads JSON where the first character that is not blank is `{` or `[` and JSON it is, YAML otherwise: YAML has braces
/// and brackets too.
pub fn parse_any(bytes: &[u8]) -> Result<Node, Fault> {
    if !is_json(bytes) {
        return yaml::parse_answers(bytes);
    }
    let as_json = json::parse(bytes);
    match (as_json, yaml::parse_answers(bytes)) {
        (Ok(node), _) | (Err(_), Ok(node)) => Ok(node),
        // A quoted key is JSON's own way: then its reader knows better what is wrong.
        (Err(json), Err(yaml)) => {
            let quoted = bytes
                .trim_ascii_start()
                .get(1..)
                .is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\""));
            Err(if quoted { json } else { yaml })
        }
    }
}

/// Whether [`parse_any`] reads it as JSON.
pub fn is_json(bytes: &[u8]) -> bool {
    matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_in_braces_is_yaml() {
        let braces = parse_any(b"{reason: typing, now: \"x\"}").unwrap();
        assert_eq!(braces, parse_any(b"reason: typing\nnow: x\n").unwrap());
        assert!(parse_any(b"{\"a\": 1, \"a\": 2}").is_err());
    }

    #[test]
    fn json_and_yaml_give_the_same_tree() {
        let yaml = parse_any(b"# why\nnecessity: |\n  Because.\nlist: [1, true, \"x\"]\n").unwrap();
        let json = parse_any(b" \n\t{\"necessity\": \"Because.\\n\", \"list\": [1, true, \"x\"]}").unwrap();
        assert_eq!(yaml, json);
    }
}
