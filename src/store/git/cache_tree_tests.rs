//! Tests of the `TREE` extension; that git agrees is proved in `tests/it/store.rs`.

use super::*;

fn id(text: &str) -> ObjectId {
    ObjectId::of_blob(text.as_bytes())
}

fn trees(before: &[(&str, &str)], after: &[(&str, &str)]) -> Rewritten {
    let dirs = |of: &[(&str, &str)]| of.iter().map(|(dir, tree)| ((*dir).to_owned(), id(tree))).collect();
    Rewritten { before: dirs(before), after: dirs(after) }
}

fn bytes(node: &Node) -> Vec<u8> {
    let mut bytes = Vec::new();
    node.write(&mut bytes);
    bytes
}

#[test]
fn an_index_that_equals_the_commit_follows_it() {
    let mut root = Node::empty();
    root.follow(&[("a/b/c", 1), ("d", 1)], &trees(&[], &[("", "1"), ("a", "1a"), ("a/b", "1b")]));
    assert_eq!(root.tree, Some((2, id("1"))));
    assert_eq!(root.below[0].below[0].tree, Some((1, id("1b"))));

    root.follow(&[("a/x", 1)], &trees(&[("", "1"), ("a", "1a")], &[("", "2"), ("a", "2a")]));
    assert_eq!(root.tree, Some((3, id("2"))));
    assert_eq!(root.below[0].tree, Some((2, id("2a"))));
    assert_eq!(root.below[0].below[0].tree, Some((1, id("1b"))));
    assert_eq!(Node::read(&bytes(&root)), Some(root.clone()));

    let gone = trees(&[("", "2"), ("a", "2a"), ("a/b", "1b")], &[("", "3"), ("a", "3a")]);
    root.follow(&[("a/b/c", -1)], &gone);
    assert_eq!(root.tree, Some((2, id("3"))));
    assert_eq!(root.below[0].below, []);
}

#[test]
fn what_differed_from_the_commit_becomes_unknown() {
    let mut root = Node::empty();
    root.follow(&[("a/b", 1)], &trees(&[], &[("", "staged"), ("a", "1a")]));
    root.follow(&[("a/b", 0)], &trees(&[("", "1"), ("a", "1a")], &[("", "2"), ("a", "2a")]));
    assert_eq!(root.tree, None);
    assert_eq!(root.below[0].tree, Some((1, id("2a"))));
    assert_eq!(Node::read(&bytes(&root)), Some(root));
}

#[test]
fn malformed_bytes_are_left_out() {
    let mut root = Node::empty();
    root.follow(&[("a/b", 1)], &trees(&[], &[("", "1"), ("a", "1a")]));
    let whole = bytes(&root);
    for end in 0..whole.len() {
        assert_eq!(Node::read(&whole[..end]), None, "cut at {end}");
    }
}
