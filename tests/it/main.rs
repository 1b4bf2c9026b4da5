//! The one test binary.

#[cfg(test)]
mod advance;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod apply;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod assess;
#[cfg(test)]
mod assign;
#[cfg(test)]
mod board;
#[cfg(test)]
mod broken;
#[cfg(test)]
mod check;
#[cfg(test)]
mod clock;
mod close;
#[cfg(test)]
mod commit;
#[cfg(test)]
mod commits;
#[cfg(test)]
mod completions;
#[cfg(test)]
mod concurrency;
#[cfg(test)]
mod contact;
#[cfg(test)]
mod copied;
#[cfg(test)]
mod correct;
#[cfg(test)]
#[cfg(debug_assertions)]
mod crash;
#[cfg(test)]
mod decide;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod disclose;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod due;
#[cfg(test)]
mod durable;
#[cfg(test)]
mod edit;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod exit_codes;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod export;
#[cfg(test)]
mod extend;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod import;
#[cfg(test)]
mod index;
#[cfg(test)]
mod inform;
#[cfg(test)]
mod init;
#[cfg(test)]
mod interview;
#[cfg(test)]
mod letter;
#[cfg(test)]
mod letter_held;
#[cfg(test)]
mod letter_pages;
#[cfg(test)]
mod letter_pdf;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod link;
#[cfg(test)]
mod list;
#[cfg(test)]
mod lives;
#[cfg(test)]
mod log;
#[cfg(test)]
mod man;
#[cfg(test)]
mod modeline;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod new;
#[cfg(test)]
mod note;
#[cfg(test)]
mod office;
#[cfg(test)]
#[path = "../import/mod.rs"]
mod old_register;
#[cfg(test)]
mod overtaken;
#[cfg(test)]
mod person;
#[cfg(test)]
mod power;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod prompts;
#[cfg(test)]
mod readers;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod refer;
#[cfg(test)]
mod reopen;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod report;
#[cfg(test)]
mod reroute;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod schemas;
#[cfg(test)]
mod screen;
#[cfg(test)]
mod search;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod shared;
#[cfg(test)]
mod show;
mod similar;
#[cfg(test)]
mod stats;
#[cfg(test)]
mod status;
#[cfg(test)]
mod store;
#[cfg(test)]
mod subject_access;
#[cfg(test)]
mod support;
#[cfg(test)]
mod templates;
#[cfg(test)]
mod tools;
#[cfg(test)]
mod urgent;
#[cfg(test)]
mod validate;
#[cfg(test)]
mod walkthroughs;
#[cfg(test)]
mod withdraw;
#[cfg(test)]
mod work;
#[cfg(test)]
mod workload;
#[cfg(test)]
mod world;
#[cfg(test)]
mod yaml_readers;
