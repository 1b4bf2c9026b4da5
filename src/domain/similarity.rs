//! stub
use crate::choice;
choice! {
    /// Likeness
    pub enum Likeness { SameName = "same_name" => "same name", }
}
