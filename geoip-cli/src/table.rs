//! Tables for people.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::text::printable;

/// Rows under headings, aligned, and no wider than the terminal.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

#[derive(Debug)]
struct Column {
    heading: &'static str,
    numeric: bool,
}

/// A text column narrower than this says nothing any more.
const NARROWEST: usize = 8;

impl Table {
    pub(crate) fn new() -> Self {
        Self { columns: Vec::new(), rows: Vec::new() }
    }

    /// A column of text, aligned to the left.
    #[must_use]
    pub(crate) fn text(mut self, heading: &'static str) -> Self {
        self.columns.push(Column { heading, numeric: false });
        self
    }

    /// A column of numbers, aligned to the right and never cut.
    #[must_use]
    pub(crate) fn number(mut self, heading: &'static str) -> Self {
        self.columns.push(Column { heading, numeric: true });
        self
    }

    /// Add a row of as many cells as there are columns.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        let safe = cells.into_iter().map(|cell| printable(&cell).into_owned());
        self.rows.push(safe.collect());
    }

    /// Write the table; columns without content are left out, and so is a heading without
    /// rows.
    ///
    /// `width` is that of the terminal in columns; none for a file or pipe.
    pub(crate) fn write(
        &self,
        out: &mut dyn Write,
        width: Option<usize>,
    ) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let shown: Vec<_> = (0..self.columns.len())
            .filter(|&column| self.rows.iter().any(|row| !row[column].is_empty()))
            .collect();
        let widths = self.widths(&shown, width);
        let headings: Vec<_> =
            self.columns.iter().map(|column| column.heading.to_owned()).collect();
        for row in std::iter::once(&headings).chain(&self.rows) {
            let mut line = String::new();
            for (&column, &width) in shown.iter().zip(&widths) {
                if !line.is_empty() {
                    line.push_str("  ");
                }
                let cell = cut(&row[column], width);
                let blanks = " ".repeat(width.saturating_sub(cell.width()));
                if self.columns[column].numeric {
                    line.push_str(&blanks);
                    line.push_str(&cell);
                } else {
                    line.push_str(&cell);
                    line.push_str(&blanks);
                }
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    /// The widths of the columns shown: what they need, less what the terminal lacks,
    /// taken from the widest text.
    fn widths(&self, shown: &[usize], terminal: Option<usize>) -> Vec<usize> {
        let need = |&column: &usize| {
            let cells = self.rows.iter().map(|row| row[column].width());
            cells.chain([self.columns[column].heading.width()]).max().unwrap_or(0)
        };
        let mut widths: Vec<_> = shown.iter().map(need).collect();
        let Some(terminal) = terminal else { return widths };
        let gaps = 2 * widths.len().saturating_sub(1);
        while widths.iter().sum::<usize>() + gaps > terminal {
            let widest = (0..widths.len())
                .filter(|&position| !self.columns[shown[position]].numeric)
                .max_by_key(|&position| widths[position]);
            match widest {
                Some(position) if widths[position] > NARROWEST => widths[position] -= 1,
                _ => break,
            }
        }
        widths
    }
}

/// The text cut to a width, with an ellipsis where something is missing.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |character: &char| {
        used += character.width().unwrap_or(0);
        used <= width
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: Option<usize>) -> String {
        let mut table = Table::new().text("city").text("empty").number("hits");
        table.row(vec!["São Paulo".into(), String::new(), "12".into()]);
        table.row(vec!["Llanfairpwllgwyngyll".into(), String::new(), "3".into()]);
        let mut out = Vec::new();
        table.write(&mut out, width).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_align_and_empty_ones_are_left_out() {
        let expected = "city                  hits\n\
                        São Paulo               12\n\
                        Llanfairpwllgwyngyll     3\n";
        assert_eq!(drawn(None), expected);
    }

    #[test]
    fn text_is_cut_to_the_terminal_but_numbers_are_not() {
        let expected = "city        hits\n\
                        São Paulo     12\n\
                        Llanfairp…     3\n";
        assert_eq!(drawn(Some(16)), expected);
    }
}
