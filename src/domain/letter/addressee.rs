//! To whom a letter goes: what a person typed, or the only one it can be.

use super::Audience;
use super::facts::Ground;
use crate::domain::case::*;
use crate::domain::record::Problem;
use crate::domain::scalars::{ItemRef, Name};
use crate::domain::settings::{List, Settings};

/// Where the answer stands.
const PATH: &str = "letter.to";

/// Whom a letter of this kind goes to. `None` for what is not sent.
pub fn addressee(
    kind: LetterKind,
    case: &Case,
    to: Option<&Name>,
    settings: &Settings,
) -> Result<Option<Addressee>, Problem> {
    let Some(role) = kind.audience().role() else {
        return match to {
            None => Ok(None),
            Some(_) => Err(Problem::rule(PATH, "O3", "it is for the officers and goes to nobody else")),
        };
    };
    let alone = Addressee { role, recipient: None, agency: None };
    let addressee = match kind.audience() {
        Audience::Recipient => Addressee { recipient: Some(recipient(case, to)?), ..alone },
        Audience::Agency => Addressee { agency: Some(agency(kind, to, settings)?), ..alone },
        _ => match to {
            Some(to) if to.as_str() != role.word() => {
                let what = format!("a letter of this kind goes to the {role}");
                return Err(Problem::invalid(PATH, what));
            }
            _ => alone,
        },
    };
    Ok(Some(addressee))
}

/// R2: one of the decision's recipients, by id or by a role that only one has; the only one where none is named.
fn recipient(case: &Case, to: Option<&Name>) -> Result<ItemRef, Problem> {
    let recipients: Vec<&Recipient> =
        case.decision.iter().flat_map(|decision| &decision.recipients).collect();
    if recipients.is_empty() {
        return Err(Problem::rule(PATH, "D4", "the decision names no recipient"));
    }
    let fits = |recipient: &&Recipient| {
        to.is_none_or(|to| recipient.id.as_str() == to.as_str() || recipient.role.word() == to.as_str())
    };
    let fitting: Vec<_> = recipients.iter().copied().filter(fits).collect();
    match fitting.as_slice() {
        [one] => Ok(ItemRef(one.id.clone())),
        _ => {
            let ids: Vec<String> = recipients.iter().map(|of| format!("{} ({})", of.id, of.role)).collect();
            Err(Problem::invalid(PATH, format!("must be one of the recipients: {}", ids.join(", "))))
        }
    }
}

/// The agency named; children's social care for its own referral.
fn agency(kind: LetterKind, to: Option<&Name>, settings: &Settings) -> Result<Name, Problem> {
    let known = settings.listed(List::Agencies);
    let own = Name::new("social_care").ok().filter(|_| kind == LetterKind::SocialCareReferral);
    match (to, own) {
        (Some(to), Some(own)) if *to != own => Err(Problem::invalid(
            PATH,
            "a letter of this kind goes to social_care; for another agency see agency_request",
        )),
        (_, Some(own)) => Ok(own),
        (Some(to), None) if known.contains(&to.as_str()) => Ok(to.clone()),
        (Some(_), None) => Err(Problem::invalid(PATH, format!("must be one of {}", known.join(", ")))),
        (None, None) => Err(Problem::missing(PATH)),
    }
}

/// The postal address of an agency, where the settings have it.
fn address_of(agency: &Name, settings: &Settings) -> Option<Vec<String>> {
    let lines = settings.agencies.addresses.get(agency.as_str())?;
    Some(lines.iter().map(ToString::to_string).collect())
}

/// The lines that show in the window of the envelope; none where the letter is not posted.
pub fn window(ground: &Ground<'_>, method: Method) -> Vec<String> {
    let Some(to) = ground.to.filter(|_| method == Method::Letter) else { return Vec::new() };
    let address = match (to.role, &to.agency) {
        (AddresseeRole::Applicant, _) => {
            ground.case.applicant.as_ref().and_then(|applicant| applicant.address.as_ref())
        }
        // Its name stands in its address as the agency writes it.
        (AddresseeRole::Agency, Some(agency)) if let Some(lines) = address_of(agency, ground.settings) => {
            return lines;
        }
        _ => None,
    };
    let lines = address.map(|address| address.open().as_str().split(',')).into_iter().flatten();
    let lines = lines.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty());
    ground.name().into_iter().chain(lines).collect()
}
