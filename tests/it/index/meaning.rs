//! The fingerprint of the sources behind the index: nothing that decides what a row says can change without it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use csods::store::index::FILE;

use crate::support::write;

#[path = "../../../src/build.rs"]
#[expect(dead_code, reason = "its main belongs to the build")]
mod build;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_index_of_this_program_bears_the_fingerprint_of_its_sources() {
    assert_eq!(FILE, format!("index-{}.sqlite", build::fingerprint(root()).unwrap()));
}

#[test]
fn every_file_counts_but_those_of_the_layers_above() {
    let dir = tempfile::tempdir().unwrap();
    let put = |path: &str, bytes: &[u8]| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, bytes);
    };
    let counted = [
        "Cargo.lock",
        "src/build.rs",
        "src/domain/folding.rs",
        "src/domain/settings/default.toml",
        "src/error.rs",
        "src/store/index/pack.rs",
        "src/yet_unknown/deep/below.rs",
    ];
    let above = build::WITHOUT_MEANING.map(|name| match name.ends_with(".rs") {
        true => format!("src/{name}"),
        false => format!("src/{name}/list.rs"),
    });
    for path in counted.into_iter().chain(above.iter().map(String::as_str)) {
        put(path, b"as it was");
    }
    let fingerprint = || build::fingerprint(dir.path()).unwrap();
    let first = fingerprint();
    for path in above.iter().map(String::as_str).chain(["src/domain/.folding.rs.swp", "README.md"]) {
        put(path, b"as it is now");
        assert_eq!(fingerprint(), first, "{path}");
    }
    let mut seen = BTreeSet::from([first]);
    for path in counted {
        put(path, b"as it is now");
        assert!(seen.insert(fingerprint()), "a change of {path} goes unnoticed");
    }
    fs::rename(dir.path().join("src/error.rs"), dir.path().join("src/errors.rs")).unwrap();
    assert!(seen.insert(fingerprint()), "another name goes unnoticed");
    // What is moved from the end of one file to the beginning of the next is another program.
    put("src/build.rs", b"as it is nowas");
    put("src/domain/folding.rs", b" it is now");
    assert!(seen.insert(fingerprint()), "another border goes unnoticed");
}

/// The names at the top of the crate that the sources behind the index must not use.
fn above() -> Vec<String> {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut names: Vec<String> =
        build::WITHOUT_MEANING.map(|name| name.trim_end_matches(".rs").to_owned()).to_vec();
    for line in lib.lines() {
        let line = line.trim_start_matches("pub ");
        let item = ["fn ", "const ", "static "].iter().find_map(|kind| line.strip_prefix(kind));
        names.extend(
            item.map(|item| item.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().into()),
        );
    }
    names
}

#[test]
fn what_counts_does_not_use_what_does_not() {
    let above = above();
    assert!(above.iter().any(|name| name == "run"), "{above:?}");
    let mut wrong = Vec::new();
    for (path, bytes) in build::sources(root()).unwrap() {
        let text = String::from_utf8(bytes).unwrap();
        // Tests may use what they like.
        if !path.ends_with(".rs") || path.contains("/tests/") || path.ends_with("tests.rs") {
            continue;
        }
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            for used in line.split("crate::").skip(1) {
                let names = used.split(|c: char| !c.is_alphanumeric() && c != '_');
                // Of a group in braces every name counts, of a path the first.
                let count = if used.starts_with('{') { usize::MAX } else { 1 };
                if names.take(count).any(|name| above.iter().any(|above| above == name)) {
                    wrong.push(format!("{path} uses crate::{used}"));
                }
            }
            // Of the files outside the sources only the words of letters are built in, and no row holds those.
            let included = line.contains("include_str!(") || line.contains("include_bytes!(");
            if included && line.contains("\"../") && path != "src/domain/letter/made.rs" {
                wrong.push(format!("{path} includes a file that does not count: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
