//! The lives that tests begin in the middle of: each is played once, through the program itself, and its store kept at
//! every stage.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::support::*;

/// How far the one case of a world has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// People, and no case.
    Empty,
    /// Just opened.
    Opened,
    /// The initial checks are made; still `initial_checks`.
    Checked,
    /// Stage `interview`.
    Interview,
    /// Stage `assessment`, the full checks not yet made.
    Interviewed,
    /// Stage `assessment`, with all its checks.
    Assessment,
    /// Stage `decision`.
    Decision,
    /// Stage `outcome`, to be disclosed to the applicant.
    ToDisclose,
    /// Stage `outcome`, disclosed.
    Disclosed,
    /// Stage `outcome`, nothing to disclose, the applicant not yet informed.
    ToInform,
    /// Stage `outcome`, the applicant informed.
    Informed,
    /// Closed after a disclosure.
    Closed,
    /// Stage `interview`, the applicant withdrew.
    Withdrawn,
    /// Right to know, just opened.
    RightToKnow,
}

/// Every file of a store, with its mode.
pub type Files = Vec<(PathBuf, Vec<u8>, u32)>;

/// The stores of all stages: one life, played once through the program itself.
pub static LIVES: LazyLock<BTreeMap<At, (Files, String)>> = LazyLock::new(play);

/// Plays every life once.
fn play() -> BTreeMap<At, (Files, String)> {
    let mut lives = BTreeMap::new();
    let mut world = World::bare();
    people(&world);
    let keep = |lives: &mut BTreeMap<At, (Files, String)>, at, world: &World| {
        lives.insert(at, (files(&world.store()), world.reference.clone()));
    };
    keep(&mut lives, At::Empty, &world);

    world.reference = world.csods("new").from(RIGHT_TO_KNOW).opened();
    keep(&mut lives, At::RightToKnow, &world);
    world.go_back(&lives, At::Empty);

    world.reference = world.csods("new").from(APPLICATION).opened();
    keep(&mut lives, At::Opened, &world);
    for system in ["pnc", "pnd", "visor", "local_intelligence"] {
        world.csods(&format!("check REF --system {system} --phase initial --result no_trace")).done();
    }
    keep(&mut lives, At::Checked, &world);
    world.csods("screen REF").from(SCREENING).done();
    keep(&mut lives, At::Interview, &world);
    world.csods("withdraw REF").from(WITHDRAWAL).done();
    keep(&mut lives, At::Withdrawn, &world);
    world.go_back(&lives, At::Interview);
    world.csods("interview REF").from(INTERVIEW).done();
    keep(&mut lives, At::Interviewed, &world);
    for system in ["social_care", "probation", "education", "health"] {
        world.csods(&format!("check REF --system {system} --phase full --result no_trace")).done();
    }
    keep(&mut lives, At::Assessment, &world);
    world.csods("assess REF").from(NOTHING_HELD).done();
    world.csods("decide REF").by("m.reid").from(NOTHING_TO_DISCLOSE).done();
    keep(&mut lives, At::ToInform, &world);
    world.csods("inform REF --method phone").done();
    keep(&mut lives, At::Informed, &world);
    world.go_back(&lives, At::Assessment);
    world.csods("assess REF").from(ASSESSMENT).done();
    keep(&mut lives, At::Decision, &world);
    world.csods("decide REF").by("m.reid").from(DISCLOSE).done();
    keep(&mut lives, At::ToDisclose, &world);
    world.csods("disclose REF").from(DISCLOSURE).done();
    keep(&mut lives, At::Disclosed, &world);
    world.csods("close REF --reason disclosed").by("m.reid").done();
    keep(&mut lives, At::Closed, &world);
    lives
}

/// A store with its four people: `d.osei` may do everything but decide.
fn people(world: &World) {
    let init =
        world.csods("init store --prefix KP --force").arg("Kent Police").env("GIT_AUTHOR_NAME", "D. Osei");
    init.done();
    let osei = "call_handler case_officer supervisor records_manager auditor";
    for (id, roles) in [
        ("m.reid", "decision_maker supervisor"),
        ("r.patel", "call_handler"),
        ("a.auditor", "auditor"),
        ("d.osei", osei),
    ] {
        let name = id.to_uppercase();
        let line = format!("person add {id} --name {name} --email {id}@example.org --role {roles}");
        world.csods(&line).done();
    }
}

impl World {
    fn go_back(&mut self, lives: &BTreeMap<At, (Files, String)>, at: At) {
        let (files, reference) = &lives[&at];
        fs::remove_dir_all(self.store()).unwrap();
        restore(&self.store(), files);
        self.reference = reference.clone();
    }
}

fn files(store: &Path) -> Files {
    let one = |path: PathBuf| {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        let bytes = fs::read(&path).unwrap();
        (path.strip_prefix(store).unwrap().to_owned(), bytes, mode)
    };
    walk(store).into_iter().map(one).collect()
}

/// Writes a store anew.
pub fn restore(store: &Path, files: &Files) {
    // Git takes a directory for a repository only where these stand, even empty.
    for dir in ["refs/heads", "refs/tags", "objects/pack", "objects/info"] {
        fs::create_dir_all(store.join(".git").join(dir)).unwrap();
    }
    for (path, bytes, mode) in files {
        let path = store.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, bytes);
        fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).unwrap();
    }
    for dir in ["", ".git/csods"] {
        fs::set_permissions(store.join(dir), fs::Permissions::from_mode(0o700)).unwrap();
    }
}
