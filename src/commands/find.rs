//! Finding the case that somebody means.

use crate::domain::case::Case;
use crate::domain::mapping::folded;
use crate::domain::reference::{Reference, Wanted};
use crate::error::{Error, Kind};
use crate::store::{Snapshot, files};

/// How many candidates an ambiguous reference lists.
const CANDIDATES: usize = 20;

/// The case that `typed` names: a whole reference, or any unique beginning of its random part.
pub fn case(head: &Snapshot, typed: &str) -> Result<(Reference, Case), Error> {
    let reference = reference(head, typed)?;
    match files::case(head, &reference)? {
        Some((case, _)) => Ok((reference, case)),
        None => Err(nothing(typed)),
    }
}

/// The same; where no reference fits, the case that had exactly this one in the system it was imported from. Looks into
/// every case then.
pub fn case_here_or_formerly(head: &Snapshot, typed: &str) -> Result<(Reference, Case), Error> {
    let error = match case(head, typed) {
        Err(error) if error.kind == Kind::NotFound => error,
        found => return found,
    };
    let wanted = folded(typed);
    let mut found = files::every_case(head, |case| {
        let former = case.former_reference.as_ref().map(|former| folded(former.open().as_str()));
        Ok((former.as_ref() == Some(&wanted)).then_some(case))
    })?;
    match (found.pop(), found.len()) {
        (None, _) => Err(error),
        (Some(case), 0) => Ok((case.reference.clone(), case)),
        (Some(last), _) => {
            let fitting: Vec<Reference> =
                found.into_iter().chain([last]).map(|case| case.reference).collect();
            Err(ambiguous(head, &fitting, fitting.len())?.hint("give the reference of one of them"))
        }
    }
}

/// The reference of the one stored case that `typed` names.
pub fn reference(head: &Snapshot, typed: &str) -> Result<Reference, Error> {
    let wanted = Wanted::parse(typed)
        .map_err(|what| Error::new(Kind::NotFound, "there is no such case").hint(what))?;
    if let Some(reference) = wanted.whole()
        && head.blob(&reference.case_path())?.is_some()
    {
        return Ok(reference);
    }
    let mut fitting = candidates(head, &wanted)?;
    match fitting.len() {
        0 => Err(nothing(typed)),
        1 => Ok(fitting.remove(0)),
        count => Err(ambiguous(head, &fitting, count)?),
    }
}

/// Every stored reference that fits, in order.
pub fn candidates(head: &Snapshot, wanted: &Wanted) -> Result<Vec<Reference>, Error> {
    let start = wanted.start.get(..1).unwrap_or_default();
    let names = head.case_names(|year, first| {
        let is_year = wanted.year.as_ref().is_none_or(|two| year.ends_with(two.as_str()));
        is_year && first.starts_with(start)
    })?;
    let references = names.iter().filter_map(|name| name.strip_suffix(".yaml")?.parse::<Reference>().ok());
    let mut fitting: Vec<Reference> = references.filter(|reference| wanted.fits(reference)).collect();
    fitting.sort();
    Ok(fitting)
}

fn nothing(typed: &str) -> Error {
    // What was typed is shown only where it can be nothing but a reference: a short name could be the beginning of one.
    let shown = match Wanted::parse(typed) {
        Ok(_) if typed.contains(|c: char| c.is_ascii_digit()) => format!(" {}", typed.trim()),
        _ => String::new(),
    };
    Error::new(Kind::NotFound, format!("there is no case{shown} in this store"))
        .hint("`csods list` shows the cases; any beginning of the last part of a reference will do")
}

fn ambiguous(head: &Snapshot, fitting: &[Reference], count: usize) -> Result<Error, Error> {
    let mut listed = Vec::new();
    for reference in fitting.iter().take(CANDIDATES) {
        let stage = files::case(head, reference)?.map_or("", |(case, _)| case.stage.word());
        listed.push(format!("{reference} ({stage})"));
    }
    let more = if count > CANDIDATES { format!(" and {} more", count - CANDIDATES) } else { String::new() };
    Ok(Error::new(Kind::Ambiguous, format!("{count} cases fit: {}{more}", listed.join(", ")))
        .hint("give one or more characters of the last part"))
}
