//! Tables for people.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::text::printable;

/// Rows under headings, aligned, and no wider than the terminal.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    /// The cells of all rows, one after the other: of a large table, most are short.
    text: String,
    /// Where each cell ends in the text.
    ends: Vec<usize>,
}

#[derive(Debug)]
struct Column {
    heading: &'static str,
    numeric: bool,
    /// Whether a part of a cell says something wrong, so that none is ever cut.
    whole: bool,
    /// What a narrow terminal does without first: the highest; none for what must stay.
    spare: Option<usize>,
}

/// A text column narrower than this says nothing any more.
const NARROWEST: usize = 8;

/// Before text becomes narrower than this, columns that can be spared are left out.
const NARROW: usize = 14;

/// How far apart columns are.
const GAP: usize = 2;

impl Table {
    pub(crate) fn new() -> Self {
        Self { columns: Vec::new(), text: String::new(), ends: Vec::new() }
    }

    /// A column of text, aligned to the left.
    #[must_use]
    pub(crate) fn text(self, heading: &'static str) -> Self {
        self.column(heading, false, false)
    }

    /// A column of text, aligned to the left and never cut.
    #[must_use]
    pub(crate) fn whole(self, heading: &'static str) -> Self {
        self.column(heading, false, true)
    }

    /// A column of numbers, aligned to the right and never cut.
    #[must_use]
    pub(crate) fn number(self, heading: &'static str) -> Self {
        self.column(heading, true, true)
    }

    fn column(mut self, heading: &'static str, numeric: bool, whole: bool) -> Self {
        self.columns.push(Column { heading, numeric, whole, spare: None });
        self
    }

    /// The last column is left out where there is no room, before those with lower numbers.
    #[must_use]
    pub(crate) fn spare(mut self, order: usize) -> Self {
        if let Some(column) = self.columns.last_mut() {
            column.spare = Some(order);
        }
        self
    }

    /// Add a row of as many cells as there are columns.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        for cell in cells {
            self.text.push_str(&printable(&cell));
            self.ends.push(self.text.len());
        }
    }

    fn rows(&self) -> usize {
        self.ends.len() / self.columns.len().max(1)
    }

    fn cell(&self, row: usize, column: usize) -> &str {
        let place = row * self.columns.len() + column;
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.text[start..self.ends[place]]
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
        self.write_what_fits(out, width).map(|_| ())
    }

    /// As [`write`](Self::write); answers the headings for which there was no room.
    pub(crate) fn write_what_fits(
        &self,
        out: &mut dyn Write,
        width: Option<usize>,
    ) -> io::Result<Vec<&'static str>> {
        if self.rows() == 0 {
            return Ok(Vec::new());
        }
        let needed: Vec<_> = (0..self.columns.len()).map(|at| self.needed(at)).collect();
        let mut shown: Vec<_> = (0..self.columns.len())
            .filter(|&at| (0..self.rows()).any(|row| !self.cell(row, at).is_empty()))
            .collect();
        let spared = self.spare_some(&mut shown, &needed, width);
        let widths = self.widths(&shown, &needed, width);
        let headings = shown.iter().map(|&at| self.columns[at].heading);
        self.write_line(out, &shown, &widths, headings)?;
        for row in 0..self.rows() {
            let cells = shown.iter().map(|&at| self.cell(row, at));
            self.write_line(out, &shown, &widths, cells)?;
        }
        Ok(spared)
    }

    fn write_line<'t>(
        &self,
        out: &mut dyn Write,
        shown: &[usize],
        widths: &[usize],
        cells: impl Iterator<Item = &'t str>,
    ) -> io::Result<()> {
        let mut line = String::new();
        for ((&column, &width), cell) in shown.iter().zip(widths).zip(cells) {
            if !line.is_empty() {
                line.push_str(&" ".repeat(GAP));
            }
            let cell = cut(cell, width);
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            if self.columns[column].numeric {
                line.push_str(&blanks);
                line.push_str(&cell);
            } else {
                line.push_str(&cell);
                line.push_str(&blanks);
            }
        }
        writeln!(out, "{}", line.trim_end())
    }

    /// The width of the widest cell of a column, or of its heading.
    fn needed(&self, column: usize) -> usize {
        let cells = (0..self.rows()).map(|row| self.cell(row, column).width());
        cells.chain([self.columns[column].heading.width()]).max().unwrap_or(0)
    }

    /// Take away columns until the others have room, and answer their headings.
    fn spare_some(
        &self,
        shown: &mut Vec<usize>,
        needed: &[usize],
        terminal: Option<usize>,
    ) -> Vec<&'static str> {
        let least = |&at: &usize| {
            let whole = self.columns[at].whole;
            if whole { needed[at] } else { needed[at].min(NARROW) }
        };
        let mut spared = Vec::new();
        let Some(terminal) = terminal else { return spared };
        while shown.iter().map(least).sum::<usize>() + gaps(shown.len()) > terminal {
            let first_to_go = (0..shown.len())
                .filter_map(|place| Some((self.columns[shown[place]].spare?, place)))
                .max();
            let Some((_, place)) = first_to_go else { break };
            spared.push(self.columns[shown.remove(place)].heading);
        }
        spared
    }

    /// The widths of the columns shown: what they need, less what the terminal lacks,
    /// taken from the widest text.
    fn widths(
        &self,
        shown: &[usize],
        needed: &[usize],
        terminal: Option<usize>,
    ) -> Vec<usize> {
        let mut widths: Vec<_> = shown.iter().map(|&at| needed[at]).collect();
        let Some(terminal) = terminal else { return widths };
        while widths.iter().sum::<usize>() + gaps(widths.len()) > terminal {
            let widest = (0..widths.len())
                .filter(|&place| !self.columns[shown[place]].whole)
                .max_by_key(|&place| widths[place]);
            match widest {
                Some(place) if widths[place] > NARROWEST => widths[place] -= 1,
                _ => break,
            }
        }
        widths
    }
}

/// What is between so many columns.
fn gaps(columns: usize) -> usize {
    GAP * columns.saturating_sub(1)
}

/// The text cut to a width, with an ellipsis where something is missing.
fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let mut used = 1;
    let fits = |character: &char| {
        used += character.width().unwrap_or(0);
        used <= width
    };
    Cow::Owned(text.chars().take_while(fits).chain(['…']).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    #[test]
    fn wide_characters_take_two_columns_and_half_of_one_is_never_shown() {
        assert_eq!(cut("東京都港区", 10), "東京都港区");
        assert_eq!(cut("東京都港区", 8), "東京都…");
        assert_eq!(cut("東京都港区", 7), "東京都…");
        let mut table = Table::new().text("city").number("hits");
        table.row(vec!["東京".into(), "7".into()]);
        table.row(vec!["Kyoto".into(), "10".into()]);
        let mut out = Vec::new();
        table.write(&mut out, None).unwrap();
        let drawn = String::from_utf8(out).unwrap();
        assert_eq!(drawn, "city   hits\n東京      7\nKyoto    10\n");
    }

    #[test]
    fn a_narrow_terminal_does_without_what_can_be_spared_and_says_so() {
        let mut table = Table::new()
            .whole("address")
            .text("city")
            .spare(1)
            .number("hits")
            .spare(2)
            .text("operator")
            .spare(0);
        table.row(
            ["2001:db8::1234:5678", "Linköping", "12", "A long name of a company"]
                .map(String::from)
                .into(),
        );
        let drawn = |width| {
            let mut out = Vec::new();
            let spared = table.write_what_fits(&mut out, Some(width)).unwrap();
            (String::from_utf8(out).unwrap(), spared)
        };
        let (wide, spared) = drawn(53);
        assert!(
            wide.ends_with("Linköping    12  A long name of…\n") && spared.is_empty(),
            "{wide}"
        );
        let (narrow, spared) = drawn(46);
        assert!(
            narrow.ends_with("2001:db8::1234:5678  Linköping  A long name o…\n"),
            "{narrow}"
        );
        assert_eq!(spared, ["hits"]);
        let (narrowest, spared) = drawn(4);
        assert_eq!(narrowest, "address\n2001:db8::1234:5678\n");
        assert_eq!(spared, ["hits", "city", "operator"]);
    }

    proptest! {
        #[test]
        fn lines_are_never_wider_than_the_terminal_if_everything_can_be_cut(
            cells in prop::collection::vec("\\PC{0,30}", 3..12), width in 28_usize..60,
        ) {
            let mut table = Table::new().text("a").text("b").text("c");
            for row in cells.chunks_exact(3) {
                table.row(row.to_vec());
            }
            let mut out = Vec::new();
            table.write(&mut out, Some(width)).unwrap();
            let drawn = String::from_utf8(out).unwrap();
            let rows = cells.chunks_exact(3).count();
            let lines = drawn.lines().count();
            prop_assert!(lines == rows + 1, "{} lines of {}", lines, rows);
            for line in drawn.lines() {
                prop_assert!(line.width() <= width, "{}: {line}", line.width());
            }
        }
    }
}
