//! Nothing below a directory leads out of it, and nothing is trusted that others could have put there.

use std::fs;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use super::*;
use crate::error::{Error, Kind};

/// A directory with a file, and one beside it that nothing may reach.
fn world() -> (tempfile::TempDir, Dir) {
    let dir = tempfile::tempdir().unwrap();
    for name in ["inside", "inside/sub", "outside"] {
        fs::create_dir(dir.path().join(name)).unwrap();
    }
    fill(&dir.path().join("inside/sub/file"), "inside");
    fill(&dir.path().join("outside/file"), "outside");
    let root = fs::metadata(dir.path().join("inside")).unwrap();
    let inside = Dir::open(&dir.path().join("inside"), Rights::of(&root), Access::Kept).unwrap();
    (dir, inside)
}

fn fill(path: &Path, text: &str) {
    File::create_new(path).unwrap().write_all(text.as_bytes()).unwrap();
}

/// The refusal that an error carries.
fn refusal(error: io::Error) -> Error {
    let refusal = Error::from(error);
    assert_eq!(refusal.kind, Kind::Damaged, "{refusal}");
    assert!(refusal.hint.is_some() && refusal.place.is_some());
    refusal
}

#[test]
fn what_is_below_is_read_made_moved_and_removed() {
    let (dir, inside) = world();
    assert_eq!(inside.bytes("sub/file", 3).unwrap().unwrap(), b"ins");
    assert!(inside.read("sub/other").unwrap().is_none());
    assert!(inside.read("none/other").unwrap().is_none());
    assert!(inside.read("sub/file/below").unwrap().is_none());
    let (deep, changed) = inside.made_dirs("sub/a/b").unwrap();
    assert_eq!(changed, [dir.path().join("inside/sub"), dir.path().join("inside/sub/a")]);
    assert!(inside.made_dirs("sub/a/b").unwrap().1.is_empty());
    deep.create("new", Access::Kept).unwrap().write_all(b"new").unwrap();
    assert_eq!(deep.create("new", Access::Kept).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(deep.names().unwrap(), ["new"]);
    inside.append("sub/a/b/new", Access::Kept).unwrap().write_all(b" and more").unwrap();
    assert_eq!(inside.bytes("sub/a/b/new", 100).unwrap().unwrap(), b"new and more");
    inside.remove("sub/a/b/new").unwrap();
    inside.remove("sub/a/b/new").unwrap();
    assert!(inside.stat("sub/a/b/new").unwrap().is_none());
    assert_eq!(inside.new_dir("sub").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
}

#[test]
fn files_are_filled_linked_renamed_and_cleared_away_where_they_are() {
    let (dir, inside) = world();
    let outside = dir.path().join("outside");
    let sub = inside.dir("sub").unwrap().unwrap();
    sub.fill("new", b"new", 0o640).unwrap();
    assert_eq!(fs::metadata(dir.path().join("inside/sub/new")).unwrap().mode() & 0o777, 0o640);
    assert_eq!(sub.fill("new", b"again", 0o600).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    sub.link("new", &inside, "lock").unwrap();
    assert_eq!(sub.link("file", &inside, "lock").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    // A link is replaced itself, and what it leads to stays.
    symlink(outside.join("file"), dir.path().join("inside/link")).unwrap();
    sub.rename("new", &inside, "link").unwrap();
    assert_eq!(inside.bytes("link", 9).unwrap().unwrap(), b"new");
    symlink(outside.join("file"), dir.path().join("inside/sub/link")).unwrap();
    sub.clear().unwrap();
    assert!(sub.names().unwrap().is_empty());
    assert_eq!(fs::read(outside.join("file")).unwrap(), b"outside");
    // What is put in place of an opened directory is not what was opened.
    fs::rename(dir.path().join("inside/sub"), dir.path().join("inside/moved")).unwrap();
    symlink(&outside, dir.path().join("inside/sub")).unwrap();
    sub.fill("again", b"again", 0o600).unwrap();
    sub.rename("again", &sub, "file").unwrap();
    assert_eq!(fs::read(outside.join("file")).unwrap(), b"outside");
    assert_eq!(inside.remove_dir("sub").unwrap_err().kind(), io::ErrorKind::NotADirectory);
    for name in ["../outside/file", "moved/file", "..", ""] {
        assert!(inside.rename("lock", &inside, name).is_err(), "{name}");
        assert!(inside.rename(name, &inside, "lock").is_err(), "{name}");
        assert!(inside.link(name, &inside, "other").is_err(), "{name}");
    }
}

#[test]
fn no_name_leads_out() {
    let (_dir, inside) = world();
    for name in
        ["", ".", "..", "../outside/file", "/etc/passwd", "sub/../../outside/file", "sub//file", "a\0b"]
    {
        assert!(inside.read(name).is_err(), "{name:?}");
        assert!(inside.create(name, Access::Kept).is_err(), "{name:?}");
        assert!(inside.stat(name).is_err(), "{name:?}");
        assert!(inside.made_dir(name).is_err(), "{name:?}");
        assert!(inside.remove(name).is_err(), "{name:?}");
    }
}

#[test]
fn no_link_is_followed() {
    let (dir, inside) = world();
    let outside = dir.path().join("outside");
    symlink(&outside, dir.path().join("inside/way")).unwrap();
    symlink(outside.join("file"), dir.path().join("inside/link")).unwrap();
    symlink(outside.join("absent"), dir.path().join("inside/dangling")).unwrap();
    for name in ["way/file", "link", "dangling"] {
        refusal(inside.read(name).unwrap_err());
        refusal(inside.open_or_create(name, Access::Kept).unwrap_err());
        refusal(inside.append(name, Access::Kept).unwrap_err());
    }
    refusal(inside.dir("way").unwrap_err());
    refusal(inside.made_dir("way").unwrap_err());
    refusal(inside.made_dir("way/new").unwrap_err());
    refusal(inside.create("way/new", Access::Kept).unwrap_err());
    refusal(inside.remove("way/file").unwrap_err());
    let rights = inside.rights();
    refusal(Dir::open(&dir.path().join("inside/way"), rights, Access::Kept).unwrap_err());
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    assert_eq!(fs::read(outside.join("file")).unwrap(), b"outside");
    inside.remove("link").unwrap();
    assert!(outside.join("file").exists() && !outside.join("absent").exists());
}

#[test]
fn a_kernel_without_the_call_is_served_step_by_step() {
    let (dir, inside) = world();
    symlink("../outside", dir.path().join("inside/way")).unwrap();
    symlink("sub/file", dir.path().join("inside/link")).unwrap();
    fs::create_dir(dir.path().join("inside/sub/deep")).unwrap();
    fill(&dir.path().join("inside/sub/deep/file"), "deep");
    let open = |below: &str, flags| {
        let fd = open::step_by_step(inside.fd.as_fd(), below, flags, Mode::empty())?;
        let mut text = String::new();
        if flags == OFlags::RDONLY {
            File::from(fd).read_to_string(&mut text).unwrap();
        }
        Ok(text)
    };
    for flags in [OFlags::RDONLY, DIRECTORY] {
        assert_eq!(open("way/file", flags), Err(Errno::LOOP));
        assert_eq!(open("way", flags), Err(Errno::LOOP));
        assert_eq!(open("link", flags), Err(Errno::LOOP));
    }
    assert_eq!(open("sub/deep/file", OFlags::RDONLY).unwrap(), "deep");
    assert_eq!(open("sub/none/file", OFlags::RDONLY), Err(Errno::NOENT));
    assert_eq!(open("sub/file/file", OFlags::RDONLY), Err(Errno::NOTDIR));
}

#[test]
fn only_plain_files_that_nobody_else_can_change_are_opened() {
    let (dir, inside) = world();
    let at = |name: &str| dir.path().join("inside").join(name);
    let mode = |name: &str, mode| fs::set_permissions(at(name), fs::Permissions::from_mode(mode)).unwrap();
    rustix::fs::mknodat(&inside.fd, "pipe", FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
    refusal(inside.read("pipe").unwrap_err());
    refusal(inside.open_or_create("pipe", Access::Kept).unwrap_err());
    mode("sub/file", 0o602);
    assert!(refusal(inside.read("sub/file").unwrap_err()).message.contains("everybody"));
    mode("sub/file", 0o600);
    mode("sub", 0o777);
    refusal(inside.dir("sub").unwrap_err());
    refusal(inside.create("sub/new", Access::Kept).unwrap_err());
    mode("sub", 0o755);
    fs::hard_link(dir.path().join("outside/file"), at("second")).unwrap();
    assert!(inside.read("second").unwrap().is_some());
    refusal(inside.append("second", Access::Kept).unwrap_err());
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(at("sub/file"), Some(2001), Some(7777)).unwrap();
        assert!(refusal(inside.read("sub/file").unwrap_err()).message.contains("account"));
    }
}

#[test]
fn what_is_made_has_the_rights_of_the_store_whatever_the_umask() {
    let (dir, _) = world();
    for (root, made_dir, kept, shown, fixed) in [
        (0o700, 0o700, 0o600, 0o600, 0o400),
        (0o755, 0o700, 0o600, 0o644, 0o444),
        (0o770, 0o2770, 0o660, 0o660, 0o440),
        (0o775, 0o2770, 0o660, 0o664, 0o444),
    ] {
        let at = dir.path().join(format!("{root:o}"));
        fs::create_dir(&at).unwrap();
        fs::set_permissions(&at, fs::Permissions::from_mode(root)).unwrap();
        let opened = Dir::open(&at, Rights::of(&fs::metadata(&at).unwrap()), Access::Kept).unwrap();
        opened.new_dir("dir").unwrap();
        opened.create("dir/kept", Access::Kept).unwrap();
        opened.create("shown", Access::Shown).unwrap();
        opened.create("fixed", Access::Fixed).unwrap().write_all(b"once").unwrap();
        let mode = |name: &str| fs::metadata(at.join(name)).unwrap().mode() & 0o7777;
        assert_eq!(mode("dir"), made_dir, "{root:o}");
        assert_eq!((mode("dir/kept"), mode("shown"), mode("fixed")), (kept, shown, fixed), "{root:o}");
    }
}
