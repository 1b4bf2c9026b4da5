//! temporary
use crate::domain::action::ActionKind;
use crate::domain::case::Case;
use crate::domain::node::{Node, Path};
use crate::domain::record::{Problem, Shape};
use crate::domain::settings::Settings;
use crate::error::Error;
use std::ffi::{OsStr, OsString};
use std::path::{Path as FsPath, PathBuf};
/// s
pub struct Setting<'a> {
    #[allow(missing_docs)]
    pub kind: ActionKind,
    #[allow(missing_docs)]
    pub shape: Shape,
    #[allow(missing_docs)]
    pub place: Path,
    #[allow(missing_docs)]
    pub title: String,
    #[allow(missing_docs)]
    pub settings: &'a Settings,
    #[allow(missing_docs)]
    pub case: Option<&'a Case>,
    #[allow(missing_docs)]
    pub editor: Option<OsString>,
    #[allow(missing_docs)]
    pub private_dir: PathBuf,
    #[allow(missing_docs)]
    pub draft_name: String,
}
/// c
pub struct Conversation<'a>(std::marker::PhantomData<&'a ()>);
#[allow(missing_docs)]
impl<'a> Conversation<'a> {
    pub fn begin(_: Setting<'a>, _: &mut Node) -> Result<Self, Error> {
        Ok(Conversation(std::marker::PhantomData))
    }
    pub fn ask(&mut self, _: &mut Node, _: &[Problem]) -> Result<(), Error> {
        Ok(())
    }
    pub fn agreed(&mut self, _: &mut Node) -> Result<bool, Error> {
        Ok(true)
    }
}
/// f
pub fn forget_draft(_: &FsPath, _: &str) {}
/// f
pub fn forget_edit(_: &FsPath, _: &str) {}
/// a
pub fn again(_: &Error) -> Result<bool, Error> {
    Ok(false)
}
/// e
pub fn edit_text(_: Option<&OsStr>, _: &FsPath, _: &str, _: &str) -> Result<String, Error> {
    Ok(String::new())
}
