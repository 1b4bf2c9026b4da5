//! What people of an invented county are called, and what is written about their cases. Nobody in it exists: family
//! names and places are put together from syllables, telephone numbers are those kept free for drama.

use super::dice::Dice;

const STARTS: &[&str] = &[
    "Alder", "Bram", "Cald", "Dunn", "Elm", "Fenn", "Garth", "Hazel", "Inger", "Kest", "Lark", "Mell",
    "Nether", "Oaken", "Pell", "Quarl", "Raven", "Sedge", "Thorn", "Under", "Vale", "Wither", "Yarrow",
    "Aske", "Black", "Cope", "Drake",
];
const ENDS: &[&str] = &[
    "bourne", "combe", "croft", "dale", "fold", "garth", "holme", "hurst", "low", "mere", "ridge", "shaw",
    "stead", "thwaite", "wick", "worthy",
];
const GIVEN: &[&str] = &[
    "Alex", "Bobbie", "Charlie", "Devi", "Eden", "Frankie", "Georgie", "Harper", "Indra", "Jamie", "Kit",
    "Lee", "Morgan", "Noor", "Ola", "Pat", "Quinn", "Robin", "Sam", "Taylor", "Umi", "Val", "Wren", "Yael",
    "Zuri", "Siân", "Zoë", "Chloé",
];
const STREETS: &[&str] =
    &["Sample Street", "Example Road", "Placeholder Lane", "Specimen Close", "Model Avenue"];

/// A family name.
pub fn family(dice: &mut Dice) -> String {
    format!("{}{}", dice.pick(STARTS), dice.pick(ENDS))
}

/// A given name.
pub fn given(dice: &mut Dice) -> String {
    dice.pick(GIVEN).to_owned()
}

/// An address on one line.
pub fn address(dice: &mut Dice) -> String {
    let number = dice.between(1, 180);
    format!("{number} {}, {}", dice.pick(STREETS), family(dice))
}

/// A telephone number that rings nowhere.
pub fn phone(dice: &mut Dice) -> String {
    format!("01632 960{:03}", dice.below(1000))
}

/// A sentence or two on one subject, of those that are kept for it.
pub fn prose(dice: &mut Dice, sentences: &[&str]) -> String {
    let first = dice.below(sentences.len());
    let count = dice.pick(&[1, 1, 1, 1, 2]);
    let picked: Vec<&str> = (0..count).map(|step| sentences[(first + step) % sentences.len()]).collect();
    picked.join(" ")
}

/// The same as it is written down when somebody tells it: a block of text that ends its line.
pub fn account(dice: &mut Dice, sentences: &[&str]) -> String {
    let (first, second) = (dice.pick(sentences), dice.pick(sentences));
    format!("{first}\n{second}\n")
}

pub const OCCUPATIONS: &[&str] = &[
    "driver",
    "gardener",
    "warehouse worker",
    "plumber",
    "not in work",
    "chef",
    "delivery rider",
    "electrician",
];

pub const INSTRUCTIONS: &[&str] = &[
    "weekdays before 3 pm",
    "after 6 pm; do not leave a message: the telephone is shared",
    "mornings only",
    "say that it is the library calling if somebody else answers",
];

pub const CONCERNS: &[&str] = &[
    "A friend said that he \"had to move away\" some years ago because of something with a child, and would not say more.",
    "He offers to babysit nearly every week and has bought presents that are far too dear for the time we have known him.",
    "The child has become quiet since the visits began: does not want to stay there overnight, and will not say why.",
    "I saw messages on the child's tablet at 23:40 that I did not like; they were deleted the next day.",
    "There is talk on the estate. I do not know whether any of it is true, which is why I am asking.",
    "My former partner has a new man in the house since March and I know nothing about him.",
];

pub const SCREENED: &[&str] = &[
    "Named child, named subject, contact described: within the scheme.",
    "No sign of immediate risk in any of the four searches; to be seen within the ten days.",
    "The applicant is content to be met and understands that nothing will be said by telephone.",
];

pub const OUTSIDE: &[&str] = &[
    "The application does not come within the scheme, for the reason named in the closure.",
    "It was explained what the scheme is for and what it is not for.",
];

pub const INSTEAD: &[&str] = &[
    "The caller was given the number of the helpline and told how to come back with more.",
    "The information was passed to the unit that deals with it, and the caller was told which.",
    "An intelligence report was submitted so that what was said is not lost.",
];

pub const TRACES: &[&str] = &[
    "One entry, more than ten years old, of another kind; not relevant to the child.",
    "Report under the reference above; read in full, summary placed on the assessment.",
    "Known at an earlier address only.",
];

pub const NOT_DONE: &[&str] =
    &["The system was not available on two attempts; agreed to go on and to repeat it."];

pub const ASSESSED: &[&str] = &[
    "The contact is regular and unsupervised, and is about to increase.",
    "The mother is protective, understands the concern and has family near by.",
    "School reports no change in behaviour or attendance in the last two terms.",
    "Nothing in the searches adds to what the applicant described.",
    "The information held is consistent with the concern, and recent.",
];

pub const NECESSITY: &[&str] = &[
    "Without it the person who looks after the child cannot know what to protect the child from.",
    "The child can be kept safe by the steps that are already being taken; telling adds nothing to them.",
];

pub const NEED: &[&str] = &[
    "Overnight stays are planned for the coming weeks, so that the question cannot wait.",
    "No contact is planned, and none has taken place for more than four months.",
];

pub const PROPORTION: &[&str] = &[
    "Considered: supervision, a written agreement, a visit by offender management. Least information that would do: the \
     nature of the concern, without dates or names.",
    "The effect on the subject's home and work was weighed; it would be considerable, and out of measure with the gain.",
];

pub const NOT_SOUGHT: &[&str] = &[
    "To ask would tell the subject who applied, and there is a history of threats.",
    "No address is known at which the subject could be asked in confidence.",
];

pub const VIEWS: &[&str] = &[
    "Supports the course proposed; will visit within five working days.",
    "Family not known to the service; no objection.",
    "Would prefer a strategy discussion first; held the same afternoon.",
];

pub const FORM_OF_WORDS: &[&str] = &[
    "The person you asked about should not be left alone with the child. You must not tell anybody else what I have said.",
    "There is information that makes it necessary for the child not to stay overnight. This is told to you in confidence.",
];

pub const RECIPIENT: &[&str] = &[
    "Has the daily care of the child and can act on it.",
    "Is with the child whenever contact takes place.",
];

pub const TOLD: &[&str] = &[
    "Telling the subject would raise the risk to the recipient.",
    "Offender management will tell the subject by arrangement.",
];

pub const QUESTIONS: &[&str] = &[
    "Asked whether the family must move. Told: no, and whom to call.",
    "Asked what may be said to the grandparents. Told: nothing of this.",
];

pub const NOTES: &[&str] = &[
    "Message left with the school's safeguarding lead; call expected tomorrow.",
    "Diary checked: next review in the Tuesday meeting.",
    "The applicant rang to say that the address has changed; put right.",
    "Quiet since the last contact: nothing new.",
];

pub const CONTACTS: &[&str] = &[
    "Appointment agreed.",
    "No answer; no message left, as asked.",
    "Told that the work goes on and when to expect news.",
];

pub const EXTENDED: &[&str] = &[
    "Probation's answer is awaited and is needed for the assessment.",
    "The applicant is abroad until the end of the month.",
];

pub const LEFT: &[&str] = &[
    "Does not wish to go on; says that the relationship has ended.",
    "Three calls and an agreed text without an answer.",
];

pub const NO_RISK: &[&str] = &[
    "Contact with the child has ended; confirmed by social care.",
    "The child lives elsewhere now and does not meet the subject.",
];

pub const REFERRED: &[&str] = &[
    "Concern passed on for the family's own support.",
    "Possible breach of conditions: seen near the school on two days.",
];

pub const URGENT: &[&str] =
    &["Officers visited the same evening; the child stays with the grandparents for now."];

pub const LINKED: &[&str] = &["The same household.", "The subject of both may be one person."];
