//! Values of a line of CSV.

/// The values of a line, which may stand in quotes (RFC 4180), without blanks around them.
///
/// A blank before a quote, which that RFC does not know, is passed over: lists in the wild
/// have it. A value cannot go on in the next line.
pub(crate) fn cells(line: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let mut rest = Some(line);
    while let Some(text) = rest {
        let (cell, after) = match text.trim_start().strip_prefix('"') {
            Some(quoted) => quoted_cell(quoted),
            None => match text.split_once(',') {
                Some((cell, after)) => (cell.into(), Some(after)),
                None => (text.into(), None),
            },
        };
        cells.push(cell.trim().to_owned());
        rest = after;
    }
    cells
}

/// The value behind an opening quote, and what follows the comma behind it.
fn quoted_cell(text: &str) -> (String, Option<&str>) {
    let mut cell = String::new();
    let mut rest = text;
    while let Some((part, after)) = rest.split_once('"') {
        cell.push_str(part);
        match after.strip_prefix('"') {
            // Two quotes are one.
            Some(after) => {
                cell.push('"');
                rest = after;
            }
            None => return (cell, after.split_once(',').map(|(_, after)| after)),
        }
    }
    // The closing quote is missing.
    cell.push_str(rest);
    (cell, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_quotes_or_not() {
        assert_eq!(cells("a,b c,,"), ["a", "b c", "", ""]);
        assert_eq!(cells(r#"a, "b, ""c""" ,d"#), ["a", r#"b, "c""#, "d"]);
        assert_eq!(cells(r#""a"#), ["a"]);
        assert_eq!(cells(""), [""]);
    }
}
