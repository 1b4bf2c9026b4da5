//! The rules of the design that a machine can hold: who may name what, how files look, what goes together.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::walk;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A Rust file: its path from the root, all of it, and what of it is code outside tests and comments.
struct Source {
    path: String,
    text: String,
    code: String,
}

/// The Rust files below a folder.
fn sources(folder: &str) -> Vec<Source> {
    let rust = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    walk(&root().join(folder)).into_iter().filter(rust).map(|path| source(&path)).collect()
}

fn source(path: &Path) -> Source {
    let text = fs::read_to_string(path).unwrap();
    let path = path.strip_prefix(root()).unwrap().display().to_string();
    let is_test = path.contains("/tests/") || path.ends_with("tests.rs") || path.starts_with("tests/");
    let code = if is_test { String::new() } else { code_of(&text) };
    Source { path, text, code }
}

/// The lines before the tests, without comments.
fn code_of(text: &str) -> String {
    let tests = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let lines = text[..tests].lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| line.split(" // ").next().unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// Every file outside `allowed` that names one of the words.
fn named_outside(words: &[&str], allowed: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources("src") {
        if allowed.iter().any(|allowed| source.path.starts_with(&format!("src/{allowed}"))) {
            continue;
        }
        for word in words.iter().filter(|word| names(&source.code, word)) {
            wrong.push(format!("{} names {word}", source.path));
        }
    }
    wrong
}

/// Whether the word stands in the code, as a word of its own.
fn names(code: &str, word: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let inner = word.starts_with(|c: char| c.is_alphanumeric());
    code.match_indices(word).any(|(at, _)| !(inner && is_part(code[..at].chars().next_back())))
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_library_has_its_place() {
    for (words, allowed) in [
        (&["git2::", "use git2"][..], &["store/git"][..]),
        (&["serde_yaml"], &["store/yaml"]),
        (&["rusqlite"], &["store/index", "output/export/sqlite.rs"]),
        (&["indicatif"], &["output/progress.rs"]),
        (&["toml::de", "use toml;"], &["store/toml"]),
        (&["toml_edit"], &["store/", "commands/person.rs", "commands/init.rs"]),
        (&["dialoguer"], &["ask"]),
        (&["flate2"], &["store/zlib.rs", "store/git/pack.rs", "store/git/pack_tiers.rs"]),
        (
            &["process::Command", "process::{Command"],
            &["ask/editor.rs", "commands/hooks/run.rs", "store/gc.rs", "store/git/pack_tiers_tests.rs"],
        ),
        (&["indicatif"], &["output/progress.rs"]),
        (
            &["rustix"],
            &[
                "ask/terminal.rs",
                "commands/hooks/own.rs",
                "store/disk.rs",
                "store/sync.rs",
                "store/index_file.rs",
                "store/beneath",
                "store/rights.rs",
                "store/survey.rs",
            ],
        ),
        (&["nix::"], &["store/rights.rs"]),
        (&["sha1_checked"], &["store/id.rs"]),
        (&["comfy_table"], &["output/table.rs"]),
        (&["csv::"], &["output/table.rs", "store/rows/delimited.rs"]),
        (&["rust_xlsxwriter"], &["output/export/xlsx.rs"]),
        (&["hmac::"], &["domain/export/pseudonym.rs", "commands/batch/key.rs"]),
        (&["base64::"], &["domain/export/pseudonym.rs"]),
        (&["unicode_normalization"], &["domain/folding.rs"]),
        (&["calamine", "zip::"], &["store/rows/sheet.rs"]),
        (&["encoding_rs"], &["store/rows/delimited.rs"]),
        (&["krilla", "harfrust", "unicode_linebreak", "unicode_segmentation"], &["output/letter/pdf"]),
        (&["minijinja"], &["domain/letter/engine.rs"]),
        (&["pulldown_cmark"], &["output/letter/markdown.rs"]),
        (
            &["sha2::"],
            &[
                "build.rs",
                "domain/letter/made.rs",
                "domain/export/pseudonym.rs",
                "commands/batch/key.rs",
                "store/rows/mod.rs",
            ],
        ),
        (&["chrono"], &["domain/time.rs", "domain/calendar", "domain/clocks", "context.rs", "store/lock.rs"]),
        (&["println!", "print!", "eprintln!", "eprint!", "dbg!"], &["output"]),
        (&["std::env", "env::var", "SystemTime::now", "Utc::now", "Local::now"], &["context.rs", "lib.rs"]),
        (&["std::process::exit", "unsafe "], &[]),
    ] {
        none(&named_outside(words, allowed));
    }
}

#[test]
fn layers_are_not_crossed() {
    let below = |folder: &str, words: &[&str]| {
        let mut wrong = Vec::new();
        for source in sources("src").iter().filter(|source| source.path.starts_with(folder)) {
            let named = words.iter().filter(|word| names(&source.code, word));
            wrong.extend(named.map(|word| format!("{} names {word}", source.path)));
        }
        none(&wrong);
    };
    let outside =
        ["std::fs", "std::io", "git2", "crate::store", "crate::commands", "crate::output", "crate::ask"];
    below("src/domain/", &outside);
    below("src/domain/", &["crate::context", "std::env", "std::process", "std::thread"]);
    below("src/commands/", &["git2", "serde_yaml", "comfy_table", "io::stdout", "io::stderr"]);
    below("src/store/", &["crate::commands", "crate::output", "crate::ask", "crate::context"]);
    below("src/output/", &["crate::commands", "crate::store", "crate::ask", "crate::context"]);
    below("src/ask/", &["crate::commands", "crate::context"]);
    // Each import names its whole path, so that the checks above see it.
    below("src/", &["use std::{"]);
    below("src/domain/", &["store::", "commands::", "output::"]);
}

/// What is written below `.git` is reached from an opened directory. The work tree, and what `init` makes, have paths.
#[test]
fn nothing_below_git_is_written_by_its_path() {
    let by_path = [
        "OpenOptions",
        "File::create",
        "fs::write",
        "fs::copy",
        "fs::rename",
        "fs::remove_",
        "fs::create_dir",
    ];
    let by_path =
        [&by_path[..], &["fs::hard_link", "fs::set_permissions", "renameat", "unlinkat", "linkat"]].concat();
    let allowed = ["store/init.rs", "store/disk.rs", "store/beneath.rs"];
    let outside = named_outside(&by_path, &allowed);
    none(&outside.into_iter().filter(|wrong| wrong.contains("src/store/")).collect::<Vec<_>>());
}

#[test]
fn every_file_says_what_it_is_and_is_short() {
    let mut wrong = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests")) {
        let lines = source.text.lines().count();
        if !source.text.starts_with("//! ") {
            wrong.push(format!("{} does not open with what it is", source.path));
        }
        if lines > 400 {
            wrong.push(format!("{} has {lines} lines", source.path));
        }
    }
    none(&wrong);
}

#[test]
fn nothing_gives_up_outside_tests() {
    let mut wrong = Vec::new();
    for source in sources("src") {
        for word in
            [".unwrap()", ".expect(\"", "panic!(", "unreachable!(", "todo!(", "unimplemented!(", "#[allow"]
        {
            if source.code.contains(word) {
                wrong.push(format!("{} says {word}", source.path));
            }
        }
    }
    none(&wrong);
}

/// The commands of `src/cli.rs`, as they are typed.
fn commands() -> Vec<String> {
    let text = fs::read_to_string(root().join("src/cli.rs")).unwrap();
    let variants = text.split("enum Command {").nth(1).unwrap().split("\n}").next().unwrap();
    let variant = |line: &str| {
        line.trim().split_once("(c::").map(|(_, rest)| rest.split("::").next().unwrap().to_owned())
    };
    let commands: Vec<String> = variants.lines().filter_map(variant).collect();
    assert!(commands.len() > 30, "{commands:?}");
    commands
}

#[test]
fn every_command_has_its_tests_and_its_row() {
    let main = fs::read_to_string(root().join("tests/it/main.rs")).unwrap();
    let readme = fs::read_to_string(root().join("README.md")).ok();
    let mut wrong = Vec::new();
    for command in commands() {
        if !root().join(format!("tests/it/{command}.rs")).is_file()
            || !main.contains(&format!("mod {command};"))
        {
            wrong.push(format!("{command} has no tests/it/{command}.rs"));
        }
        let typed = command.replace('_', "-");
        let rows = |readme: &String| {
            let row = |line: &str| line.starts_with('|') && names_command(line, &typed);
            readme.lines().any(row)
        };
        if readme.as_ref().is_some_and(|readme| !rows(readme)) {
            wrong.push(format!("{typed} has no row in README.md"));
        }
    }
    none(&wrong);
}

/// Whether a row of a table names the command in code.
fn names_command(line: &str, command: &str) -> bool {
    let code = line.split('`').skip(1).step_by(2);
    code.into_iter().any(|code| {
        let words: Vec<&str> = code.split_whitespace().collect();
        words.first() == Some(&command) || (words.first() == Some(&"csods") && words.get(1) == Some(&command))
    })
}

/// The files of the repository, or those of its folders where git is not there to name them.
fn repository() -> Vec<PathBuf> {
    let skipped = ["target", ".git", "Cargo.lock"];
    let mut found = Vec::new();
    for entry in fs::read_dir(root()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match path.is_dir() {
            _ if skipped.contains(&name.as_str()) => {}
            true => found.extend(walk(&path)),
            false => found.push(path),
        }
    }
    found
}

/// What a test may do to the program (see `store::fault`) is built only with debug assertions, which a released one lacks.
#[test]
fn a_released_program_has_no_debug_assertions() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let profile = manifest.split("\n[").find(|part| part.starts_with("profile.release]")).unwrap();
    assert!(!profile.contains("debug-assertions") && !profile.contains("inherits"), "{profile}");
    let others = manifest.matches("[profile.").count() - manifest.matches("[profile.dev.package.").count();
    assert_eq!(others, 2, "a profile of which nothing is known here");
    let configuration = fs::read_to_string(root().join(".cargo/config.toml")).unwrap();
    assert!(!configuration.contains("debug") && !configuration.contains("profile"), "{configuration}");
    let switch = "CSODS_FAULT_POINT";
    for source in sources("src").iter().filter(|source| source.code.contains(switch)) {
        let before = source.code.split(switch).next().unwrap();
        assert!(
            before.trim_end().ends_with("if let Some(point) =\n            outside::variable(\""),
            "{}",
            source.path
        );
        assert!(before.contains("#[cfg(debug_assertions)]\n        if let Some(point) ="), "{}", source.path);
    }
}

#[test]
fn nothing_is_left_to_do_and_nothing_names_a_machine() {
    // Put together here, so that this file does not hold them.
    let words = [
        ["TO", "DO"],
        ["FIX", "ME"],
        ["X", "XX:"],
        ["/ro", "ot/"],
        ["/wo", "rk/"],
        ["/ho", "me/"],
        ["crates", ".io/"],
        ["index.", "crates"],
        ["static.", "crates"],
        [".cargo/", "registry"],
        ["localhost", ":"],
    ]
    .map(|parts| parts.concat());
    let mut wrong = Vec::new();
    for path in repository() {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        for word in words.iter().filter(|word| names(&text, word)) {
            wrong.push(format!("{} says {word}", path.strip_prefix(root()).unwrap().display()));
        }
    }
    none(&wrong);
}
