//! What is given to a command with `--from`: JSON or YAML, told apart by the first character.

use crate::domain::node::Node;

use super::json;
use super::yaml::{self, Fault};

/// Reads JSON where the first character that is not blank is `{` or `[`, YAML otherwise.
pub fn parse_any(bytes: &[u8]) -> Result<Node, Fault> {
    if is_json(bytes) {
        json::parse(bytes)
    } else {
        yaml::parse_answers(bytes)
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
    fn json_and_yaml_give_the_same_tree() {
        let yaml = parse_any(b"# why\nnecessity: |\n  Because.\nlist: [1, true, \"x\"]\n").unwrap();
        let json = parse_any(b" \n\t{\"necessity\": \"Because.\\n\", \"list\": [1, true, \"x\"]}").unwrap();
        assert_eq!(yaml, json);
    }
}
