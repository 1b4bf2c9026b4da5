-- Cases that are not closed, with the clocks that a unit looks at.
CREATE VIEW open_cases AS
SELECT reference, stage, route, owner, received_at, initial_checks_clock_due, interview_clock_due, whole_clock_due, overdue, next
FROM cases WHERE stage <> 'closed';

-- Clocks that are past their due date and not met.
CREATE VIEW overdue_clocks AS
SELECT clocks.case_reference, clocks.name, clocks.due, clocks.extended_to, cases.stage, cases.owner
FROM clocks JOIN cases ON cases.reference = clocks.case_reference WHERE clocks.state = 'overdue';

-- Everybody whom a case is about, by what they are in it; the subject once for each name.
CREATE VIEW people AS
SELECT reference AS case_reference, 'applicant' AS role, applicant_name_family AS family, applicant_name_given AS given, applicant_date_of_birth AS date_of_birth
FROM cases WHERE coalesce(applicant_name_family, applicant_name_given) IS NOT NULL
UNION ALL
SELECT reference, 'subject', subject_name_family, subject_name_given, subject_date_of_birth
FROM cases WHERE coalesce(subject_name_family, subject_name_given) IS NOT NULL
UNION ALL
SELECT subject_aliases.case_reference, 'subject', subject_aliases.family, subject_aliases.given, cases.subject_date_of_birth
FROM subject_aliases JOIN cases ON cases.reference = subject_aliases.case_reference
UNION ALL
SELECT case_reference, 'child', name_family, name_given, date_of_birth FROM children
UNION ALL
SELECT case_reference, 'recipient', name_family, name_given, NULL
FROM decision_recipients WHERE coalesce(name_family, name_given) IS NOT NULL;

-- What was done in each case, by whom and when.
CREATE VIEW timeline AS
SELECT reference AS case_reference, received_at AS at, received_by AS "by", 'received' AS what FROM cases
UNION ALL SELECT case_reference, at, "by", 'check: ' || system || ', ' || result FROM checks
UNION ALL SELECT reference, screening_at, screening_by, 'screening' FROM cases WHERE screening_at IS NOT NULL
UNION ALL SELECT reference, interview_at, interview_by, 'interview' FROM cases WHERE interview_at IS NOT NULL
UNION ALL SELECT reference, assessment_at, assessment_by, 'assessment: ' || assessment_risk_to_child FROM cases WHERE assessment_at IS NOT NULL
UNION ALL SELECT reference, decision_at, decision_by, 'decision: ' || decision_outcome FROM cases WHERE decision_at IS NOT NULL
UNION ALL SELECT case_reference, at, "by", 'disclosure' FROM disclosures
UNION ALL SELECT reference, informed_at, informed_by, 'applicant informed' FROM cases WHERE informed_at IS NOT NULL
UNION ALL SELECT reference, closure_at, closure_by, 'closed: ' || closure_reason FROM cases WHERE closure_at IS NOT NULL
UNION ALL SELECT reference, withdrawal_at, withdrawal_by, 'applicant left: ' || withdrawal_how FROM cases WHERE withdrawal_at IS NOT NULL
UNION ALL SELECT case_reference, at, "by", 'urgent action' FROM urgent
UNION ALL SELECT case_reference, at, "by", 'referral: ' || "to" FROM referrals
UNION ALL SELECT case_reference, at, "by", 'extension: ' || clock FROM extensions
UNION ALL SELECT case_reference, at, "by", 'reopened: ' || "to" FROM reopened
UNION ALL SELECT case_reference, at, "by", 'letter: ' || kind FROM letters;

-- How the applications of each month and route ended.
CREATE VIEW outcomes_by_month AS
SELECT substr(received_at, 1, 7) AS month, route, coalesce(decision_outcome, closure_reason, 'not yet') AS outcome, count(*) AS cases
FROM cases GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
