//! The one test binary.

mod answers;
mod assess;
mod assign;
mod broken;
mod check;
mod close;
mod contact;
mod correct;
mod decide;
mod disclose;
mod extend;
mod inform;
mod interview;
mod link;
mod note;
mod refer;
mod reopen;
mod reroute;
mod screen;
mod store;
mod support;
mod urgent;
mod withdraw;
mod yaml_readers;
