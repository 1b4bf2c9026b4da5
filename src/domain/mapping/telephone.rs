//! Telephone numbers as spreadsheets leave them: made into numbers, they lose their first zero, or most of their digits.

/// The number that a cell holds, dialled at home; or why it can be none. What is written as people write it stays as it is.
pub(super) fn number(text: &str) -> Result<String, String> {
    let text = text.trim();
    if is_scientific(text) {
        return Err(
            "is what a spreadsheet made of a telephone number, like 4.4E+11: its digits are lost; find \
                    them in the source, and keep the column as text"
                .to_owned(),
        );
    }
    let digits = text.strip_suffix(".0").unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(text.to_owned());
    }
    if digits.len() >= 10 && digits.ends_with("00000") && !digits.starts_with('0') {
        return Err(
            "ends in noughts, as a telephone number does that a spreadsheet has rounded; find its digits \
                    in the source, and keep the column as text"
                .to_owned(),
        );
    }
    // The second digit of a number of this country: places, mobiles, services.
    let is_ours = |number: &str, first: &[char]| number.starts_with(first);
    Ok(match digits.len() {
        10 if is_ours(digits, &['1', '2', '3', '7', '8', '9']) => format!("0{digits}"),
        // Some places and 0800 numbers have a digit less.
        9 if is_ours(digits, &['1', '8']) => format!("0{digits}"),
        11 | 12 => match digits.strip_prefix("44") {
            Some(rest) if is_ours(rest, &['1', '2', '3', '7', '8', '9']) => format!("+{digits}"),
            _ => digits.to_owned(),
        },
        _ => digits.to_owned(),
    })
}

/// `4.41632E+11`, also with a decimal comma.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let whole = match mantissa.split_once(['.', ',']) {
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    whole && digits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zero_that_a_spreadsheet_took_away_is_put_back() {
        for (cell, wanted) in [
            ("1632960001", "01632960001"),
            ("1632960001.0", "01632960001"),
            ("7700900123", "07700900123"),
            ("169772123", "0169772123"),
            ("441632960001", "+441632960001"),
            // As people write them.
            ("01632 960001", "01632 960001"),
            ("+44 (0)1632 960001", "+44 (0)1632 960001"),
            ("01632960001", "01632960001"),
            ("00441632960001", "00441632960001"),
            ("960001", "960001"),
            ("353871234567", "353871234567"),
            ("01632 960001 or 07700 900123 (Eve)", "01632 960001 or 07700 900123 (Eve)"),
            ("ask for E11", "ask for E11"),
            ("0800 100000", "0800 100000"),
        ] {
            assert_eq!(number(cell).as_deref(), Ok(wanted), "{cell}");
        }
    }

    #[test]
    fn a_number_whose_digits_are_lost_is_refused() {
        for cell in ["4.41632E+11", "4,41632E+11", "1.63296e9", "4E11", " 4.41632E+11 ", "441632000000"] {
            assert!(number(cell).is_err(), "{cell}");
        }
    }
}
