//! Files that an editor leaves beside the one it edits: swap files, backups, undo files. Each may hold the whole text.

/// The name of the file that was edited, where `name` is that of a file which an editor left beside it.
pub fn left_of(name: &str) -> Option<&str> {
    let hidden = name.strip_prefix('.');
    let swap = || {
        // vim, nano: `.NAME.swp`, then `.swo` and so on.
        let (edited, ending) = hidden?.rsplit_once('.')?;
        let is_swap = ending.len() == 3
            && ending.starts_with("sw")
            && ending.ends_with(|c: char| c.is_ascii_lowercase());
        (is_swap || ending == "kate-swp").then_some(edited)
    };
    let undo = || hidden?.strip_suffix(".un~");
    let emacs = || name.strip_prefix('#')?.strip_suffix('#');
    let lock = || name.strip_prefix(".#");
    let numbered = || {
        let (edited, number) = name.strip_suffix('~')?.rsplit_once(".~")?;
        number.bytes().all(|byte| byte.is_ascii_digit()).then_some(edited)
    };
    let backup = || name.strip_suffix('~');
    // `.new` is our own, while text is written.
    let named = || [".save", ".bak", ".new"].iter().find_map(|ending| name.strip_suffix(ending));
    let found =
        swap().or_else(undo).or_else(emacs).or_else(lock).or_else(numbered).or_else(backup).or_else(named);
    found.filter(|edited| !edited.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_leave_is_known_by_its_name() {
        for left in [
            ".n.yaml.swp",
            ".n.yaml.swo",
            ".n.yaml.swx",
            ".n.yaml.kate-swp",
            ".n.yaml.un~",
            "#n.yaml#",
            ".#n.yaml",
            "n.yaml~",
            "n.yaml.~12~",
            "n.yaml.save",
            "n.yaml.bak",
            "n.yaml.new",
        ] {
            assert_eq!(left_of(left), Some("n.yaml"), "{left}");
        }
        for own in ["n.yaml", ".n.yaml", "n.earlier.yaml", "n.base", "~", ".swp", "##", "n.swp", ".gitignore"]
        {
            assert_eq!(left_of(own), None, "{own}");
        }
    }
}
