//! One word or several: `to = "a"` and `to = ["a", "b"]`.

use crate::domain::node::Node;
use crate::domain::record::{Part, Reader, Shape};
use crate::domain::scalars::Line;

/// One line of text, or a list of several.
#[derive(Debug, Clone, PartialEq)]
pub struct Several(Vec<Line>);

impl Several {
    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Line::as_str)
    }
}

impl Part for Several {
    const SHAPE: Shape = Shape::List(&Shape::Line);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node {
            Node::List(_) => Vec::read(node, reader).map(Several),
            _ => Line::read(node, reader).map(|line| Several(vec![line])),
        }
    }

    fn write(&self) -> Option<Node> {
        self.0.write()
    }
}
