//! Cases that do not begin with `new`: imported from another system, or added as a file by hand.

use std::path::Path;

use csods::domain::time::Instant;

use super::csods;
use crate::old_register;
use crate::store::git;
use crate::support::{path_of, write};

/// The register from which the case comes.
const ROW: [(&str, &str); 7] = [
    ("Ref", "OLD/1"),
    ("Date received", "02/03/2026"),
    ("How received", "Web"),
    ("Applicant Surname", "Zzyzx"),
    ("Relationship", "Mother"),
    ("Subject name", "Zzyzx"),
    ("Child 1", "Zzyzx"),
];

/// Who keeps the records, and neither assesses nor decides.
const CLERK: &str = "person add k.clerk --name Clerk --email k.clerk@example.org --role records_manager";

/// Imports the one case of the store, which is open.
pub fn import(root: &Path, now: Instant, seed: u64, email: &str) {
    let beside = root.parent().unwrap();
    let mapping = old_register::MAPPING.replace("\"archive\"", "\"d.osei\"");
    let mapping = mapping.replace("\"in_person\"", "\"phone\"");
    write(&beside.join("map.toml"), mapping.replace("Not recorded in the old system.", "Zzyzx").as_bytes());
    write(&beside.join("register.csv"), old_register::register(&[ROW.to_vec()]).as_bytes());
    let (code, said) = csods(root, now, seed, email, "import ../register.csv --mapping ../map.toml", "");
    assert_eq!(code, 0, "{said}");
}

/// Adds the case as it stands under another reference, by hand: an assessor does not bring in the decision (R4), and
/// somebody else who may edit does.
pub fn add_by_hand(root: &Path, now: Instant, seed: u64, case: &str, reference: &str) {
    let other = "KP-26-000000";
    let folder = |reference: &str| path_of(reference).replace("cases/", "letters/").replace(".yaml", "/");
    let text = git(root, &["show", &format!("HEAD:{}", case.trim())]);
    let text = text.replace(&folder(reference), &folder(other)).replace(reference, other);
    // csods itself says who enters a record.
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("recorded_by: "));
    let text = lines.map(|line| format!("{line}\n")).collect::<String>();
    assert_eq!(csods(root, now, seed, "d.osei@example.org", CLERK, "").0, 0);
    let file = root.join(path_of(other));
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    write(&file, text.as_bytes());
    let commit = |email: &str, seed: u64| {
        csods(root, now, seed, email, "commit --from -", "{code: mistake, reason: Zzyzx}")
    };
    if text.contains("\ndecision:\n") {
        for assessor in ["d.osei@example.org", "s.khan@example.org"] {
            let (code, said) = commit(assessor, seed);
            assert_eq!(code, 5, "{said}");
            assert!(said.contains("(R4)"), "{said}");
        }
    }
    let (code, said) = commit("k.clerk@example.org", seed);
    assert_eq!(code, 0, "{said}");
    let added = git(root, &["show", &format!("HEAD:{}", path_of(other))]);
    assert!(added.contains("  recorded_by: k.clerk\n"), "{added}");
}
