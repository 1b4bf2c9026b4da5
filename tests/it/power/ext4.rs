//! The same once on a real file system: ext4 in a file, of which a copy is taken at the moment at which success is reported.
//! What ext4 has not written by then is lost, as in a power cut.

use std::fs;

use crate::crash::{Mount, succeeds};
use crate::support::{APPLICATION, At, World};
use crate::tools::Tool;

use super::sound;

const ROUNDS: usize = 4;

#[test]
fn what_was_reported_on_ext4_is_there_after_a_cut() {
    if !Tool::Ext4.is_here() {
        return;
    }
    let world = World::at(At::Opened);
    let (disk, cut) = (world.dir().join("disk"), world.dir().join("cut"));
    let (image, copy) = (disk.display().to_string(), cut.display().to_string());
    let (store, aside) = (world.store(), world.dir().join("aside"));
    fs::rename(&store, &aside).unwrap();
    fs::create_dir(&store).unwrap();
    assert!(succeeds("truncate", &["-s", "48M", &image]) && succeeds("mkfs.ext4", &["-q", &image]));
    let _mount = Mount::of(&["-o", "loop", &image], &store);
    fs::remove_dir(store.join("lost+found")).unwrap();
    assert!(succeeds("cp", &["-a", &format!("{}/.", aside.display()), &store.display().to_string()]));
    assert!(succeeds("sync", &["-f", &store.display().to_string()]));
    let after = world.dir().join("after");
    fs::create_dir(&after).unwrap();
    for round in 0..ROUNDS {
        for note in [true, false] {
            let command = match note {
                true => world.csods("note REF").from("text: Rang."),
                false => world.csods("new").from(APPLICATION),
            };
            // Drawn anew each time.
            let seed = (round * 2 + usize::from(note) + 100).to_string();
            let out = command.env("CSODS_SEED", &seed).start().wait_with_output().unwrap();
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
            assert!(succeeds("cp", &["--sparse=always", &image, &copy]));
            let _mounted = Mount::of(&["-o", "loop", &copy], &after);
            let head = |dir: &std::path::Path| crate::store::git(dir, &["rev-parse", "HEAD"]);
            assert_eq!(head(&after), head(&store), "what was reported is there");
            super::next_change(&csods::store::Store::find(Some(&after), None, &after).unwrap());
            sound(&after, "after a cut on ext4");
        }
    }
}
