//! The engine: strict, bounded, blind.

use super::*;
use crate::domain::letter::Fact;
use crate::domain::letter::engine::{as_typed, check, render};

/// What a template says is wrong with it, made of the acknowledgement's case.
fn faults(source: &str) -> Vec<String> {
    let kind = LetterKind::Acknowledgement;
    let (case, settings) = (case_for(kind), settings());
    let to = to(kind, &case);
    let ground = Ground { case: &case, settings: &settings, at: now(), to: to.as_ref(), language: "en" };
    let faults = render(kind, source, &ground).err().unwrap_or_default();
    faults.iter().map(|fault| format!("{}: {}", fault.line, fault.wrong)).collect()
}

#[test]
fn every_built_in_template_is_in_order() {
    for &kind in LetterKind::ALL {
        assert_eq!(check(kind, made::built_in(kind)), [], "{kind}");
        assert!(letter(kind, &case_for(kind)).starts_with(&format!("---\nkind: {kind}\n")));
    }
}

#[test]
fn the_same_case_template_and_day_give_the_same_bytes() {
    for &kind in LetterKind::ALL {
        let case = case_for(kind);
        let first = letter(kind, &case);
        assert_eq!(first, letter(kind, &case), "{kind}");
        assert_eq!(made::sha256(first.as_bytes()), made::sha256(letter(kind, &case).as_bytes()));
    }
    assert_eq!(made::sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn an_unknown_name_a_missing_fact_and_a_blank_are_errors_with_line_and_key() {
    let no = "is nothing that a letter of this kind may use (O2, O3)";
    let missing = "; ask for it with `if` before it is printed";
    for (source, wanted) in [
        ("# A\n\n{{ nmae }}", format!("3: nmae {no}")),
        ("# A\n{% if false %}\n{{ nmae }}{% endif %}", format!("3: nmae {no}")),
        ("# A\n{% for x in nmaes %}{{ x }}{% endfor %}", format!("2: nmaes {no}")),
        ("# A\n{{ name }} {{ email }}", format!("2: the case has no email{missing}")),
        ("# A\n\n{{ name.first }}", format!("3: the case has no name.first{missing}")),
        (
            "# A\n{{ interviewed }}",
            "2: is not text: ask for it with `if`, or go through it with `for`".to_owned(),
        ),
        ("no heading", "1: must begin with a heading: `# ` and what the letter is about".to_owned()),
        ("# A\n{{ name | upper }}", "2: a letter may use no filters".to_owned()),
        (
            "# A\n{% if name is defined %}{% endif %}",
            "2: a letter may use no tests but comparisons".to_owned(),
        ),
        ("# A\n{{ range(3) }}", format!("2: range {no}")),
        ("# A\n{{ name.upper() }}", "2: a letter may call nothing".to_owned()),
    ] {
        assert_eq!(faults(source), [wanted], "{source}");
    }
    assert_eq!(faults("# A\n{{ name ").len(), 1);
    assert_eq!(faults("# A\n{% if name %}"), ["2: unexpected end of input, expected end of block"]);
    assert_eq!(faults("# A\n{% if email %}{{ email }}{% endif %}{{ name }}"), Vec::<String>::new());
}

#[test]
fn nothing_reads_files_and_nothing_grows() {
    let no_statement = "2: a letter may use only `if`, `elif`, `else`, `endif`, `for` and `endfor`";
    for statement in [
        "include \"/etc/passwd\"",
        "extends \"x\"",
        "import \"x\" as y",
        "from \"x\" import y",
        "macro m()",
        "set x = name ~ name",
        "with x = name",
        "filter upper",
        "autoescape false",
        "raw",
        "block b",
        "do name",
        "call m()",
    ] {
        assert_eq!(faults(&format!("# A\n{{% {statement} %}}")), [no_statement], "{statement}");
    }
    assert_eq!(faults("# A\n{{ \"x\" * 1000000000 }}"), ["2: a letter may not multiply"]);
    assert_eq!(faults("# A\n{{ {\"a\": 1} }}"), ["2: a tag may not hold curly brackets"]);
}

#[test]
fn work_is_bounded() {
    let list = format!("[{}]", vec!["1"; 60].join(","));
    let loops = |depth: usize, inside: &str| {
        let begin: String = (0..depth).map(|n| format!("{{% for x{n} in {list} %}}")).collect();
        format!("# A\n{begin}{inside}{}", "{% endfor %}".repeat(depth))
    };
    let much = "2: takes too much work: a loop goes round too often";
    assert_eq!(faults(&loops(6, "x")), [much]);
    assert_eq!(faults(&loops(4, &"word ".repeat(12_000))), [much]);
    let recursive = format!("# A\n{{% for x in {list} recursive %}}{{{{ loop({list}) }}}}{{% endfor %}}");
    assert!(!faults(&recursive).is_empty());
    let long = ["2: a tag may have at most 1,000 characters"];
    let brackets = ["2: brackets of a tag may lie 16 deep in each other"];
    let blocks = ["2: `if`, `elif` and `for` may lie 32 deep in each other"];
    for operator in ["+1", "-1", " and 1", "~1", "==1", ".a", "[0]", " in 1", " if 1 else 1", "|a"] {
        let many = 60_000 / operator.len();
        assert_eq!(faults(&format!("# A\n{{{{ name{} }}}}", operator.repeat(many))), long, "{operator}");
        // As many as fit are no trouble.
        let source = format!("# A\n{{{{ name{} }}}}", operator.repeat(990 / operator.len()));
        assert_ne!(faults(&source), long, "{operator}");
    }
    for operator in ["not ", "-", "+", "1 if 1 else "] {
        assert_eq!(faults(&format!("# A\n{{{{ {}1 }}}}", operator.repeat(5_000))), long, "{operator}");
        let source = format!("# A\n{{{{ {}1 }}}}", operator.repeat(990 / operator.len()));
        assert_ne!(faults(&source), long, "{operator}");
    }
    for (open, close) in [("(", ")"), ("[", "]")] {
        let nested = |deep: usize| format!("# A\n{{{{ {}1{} }}}}", open.repeat(deep), close.repeat(deep));
        assert_eq!(faults(&nested(30_000)), brackets);
        assert_ne!(faults(&nested(16)), brackets);
    }
    for (begin, end) in [("{% if name %}", "{% endif %}"), ("{% for x in [1] %}", "{% endfor %}")] {
        let nested = |deep: usize| format!("# A\n{}x{}", begin.repeat(deep), end.repeat(deep));
        assert_eq!(faults(&nested(2_000)), blocks);
        assert_eq!(faults(&nested(33)), blocks);
        assert_eq!(faults(&begin.repeat(2_000).replacen("", "# A\n", 1)), blocks);
    }
    let chain = |many: usize| format!("# A\n{{% if name %}}{}{{% endif %}}", "{% elif name %}".repeat(many));
    assert_eq!(faults(&chain(4_000)), blocks);
    assert_eq!(faults(&chain(20)), Vec::<String>::new());
    let after_each_other = "{% if name %}x{% elif name %}{% endif %}\n".repeat(1_000);
    assert_eq!(faults(&format!("# A\n{after_each_other}")), Vec::<String>::new());
    assert_eq!(faults(&format!("# A\n{}", "x".repeat(70_000))), ["1: is longer than 64 KiB"]);
}

#[test]
fn o3_no_letter_to_the_public_can_name_what_it_may_not_know() {
    let secret = [
        Fact::FormOfWords,
        Fact::Decision,
        Fact::Checks,
        Fact::Assessment,
        Fact::Subject,
        Fact::Children,
        Fact::Concern,
        Fact::Referrals,
        Fact::ReferralReason,
        Fact::Disclosures,
        Fact::Ending,
        Fact::Recipients,
        Fact::Warnings,
        Fact::Stage,
        Fact::Applicant,
        Fact::UrgentActions,
    ];
    let public = LetterKind::ALL.iter().filter(|kind| kind.audience().is_public());
    for kind in public {
        for fact in secret {
            let source = format!("# A\n\n{{% if name == \"\" %}}{{{{ {fact} }}}}{{% endif %}}");
            let found = check(*kind, &source);
            let said = found.first().map(|fault| (fault.line, fault.wrong.to_string()));
            let wanted = format!("{fact} is nothing that a letter of this kind may use (O2, O3)");
            assert_eq!(said, Some((3, wanted)), "{kind}");
        }
    }
    assert_ne!(check(LetterKind::OutcomeNoDisclosure, "# A\n{{ end_reason }}"), []);
}

#[test]
fn what_was_typed_is_written_so_that_it_means_nothing() {
    for (typed, markdown) in [
        ("Alex Example", "Alex Example"),
        ("<b>*_[x](y)", r"\<b\>\*\_\[x\](y)"),
        ("{{ 7*7 }}", r"\{\{ 7\*7 \}\}"),
        ("# x", r"\# x"),
        ("1. x", r"1\. x"),
        ("12) x", r"12\) x"),
        ("---", r"\---"),
        ("===", r"\==="),
        ("+ x", r"\+ x"),
        ("a|b\\", "a&#124;b&#92;"),
        ("&amp;", r"\&amp;"),
        ("~~x~~ `y`", r"\~\~x\~\~ \`y\`"),
        ("a\nb", "a\\\nb"),
        ("a\n\n\n# b\n", "a\\\n&nbsp;\\\n&nbsp;\\\n\\# b"),
        ("  a\tb  ", "a b"),
        ("a\u{202e}b\u{7}", "a\u{fffd}b\u{fffd}"),
        ("O'Neill-Ó Briain", "O'Neill-Ó Briain"),
    ] {
        assert_eq!(as_typed(typed), markdown, "{typed:?}");
    }
}

#[test]
fn days_and_labels_are_in_the_language_of_the_letter() {
    let kind = LetterKind::OutcomeNoDisclosure;
    let (case, settings) = (case_for(kind), settings());
    let to = to(kind, &case);
    let ground = Ground { case: &case, settings: &settings, at: now(), to: to.as_ref(), language: "cy" };
    let text =
        made::make(kind, "# Canlyniad\n\nAnnwyl {{ name }}: {{ date }}.", &ground, Method::Letter).unwrap();
    assert!(text.contains("dydd Gwener 20 Mawrth 2026"), "{text}");
    assert!(text.contains("language: cy\n") && text.contains("from: Ffôn: 101\n"), "{text}");
}
