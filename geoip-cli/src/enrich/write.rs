//! Rows of fields in each format.

use std::path::Path;

use anyhow::Result;
use geoip_core::Scope;
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{field::Field, row::Fields, value::Value};
use crate::{
    args::{Global, RecordFormat},
    output::{self, Out},
    table::Table,
};

/// How rows are written, and what of them.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) format: RecordFormat,
    pub(crate) fields: Vec<Field>,
    /// Those of a table that a narrow terminal keeps, the most important ones first. If
    /// there are none, the first ones are.
    pub(crate) important: Vec<Field>,
    /// What a table says instead of what a field says.
    pub(crate) instead: Instead,
}

/// What a table for people says in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instead {
    /// All is as it is.
    Nothing,
    /// Nothing for a scope that one expects: what is not global explains why nothing is
    /// known, and what is global explains nothing.
    OfGlobal,
    /// That this field is not known, for which a group would stand without a name.
    OfUnknown(Field),
}

impl Instead {
    fn cell(self, field: Field, text: Option<String>) -> String {
        match (self, text) {
            (Self::OfGlobal, Some(text))
                if field == Field::Scope && text == Scope::Global.name() =>
            {
                String::new()
            }
            (Self::OfUnknown(Field::Flag), None) if field == Field::Flag => {
                "(none known)".into()
            }
            (Self::OfUnknown(of), None) if field == of => "(not known)".into(),
            (_, text) => text.unwrap_or_default(),
        }
    }
}

/// The format that is asked for, or else that of the name of the file.
pub(crate) fn format(asked: Option<RecordFormat>, file: Option<&Path>) -> RecordFormat {
    asked.or_else(|| format_of_name(file?)).unwrap_or(RecordFormat::Table)
}

/// The format that the name of a file says.
pub(crate) fn format_of_name(file: &Path) -> Option<RecordFormat> {
    let extension = file.extension()?.to_str()?;
    match extension.to_ascii_lowercase().as_str() {
        "json" | "jsonl" | "ndjson" => Some(RecordFormat::Json),
        "csv" => Some(RecordFormat::Csv),
        #[cfg(feature = "parquet")]
        "parquet" => Some(RecordFormat::Parquet),
        _ => None,
    }
}

impl Sheet {
    /// Write rows as they come; a table needs all of them to know how wide it is.
    ///
    /// Answers how many there were.
    pub(crate) fn write<T: Fields>(
        &self,
        global: &Global,
        out: &mut Out<'_>,
        rows: impl Iterator<Item = Result<T>>,
    ) -> Result<u64> {
        match self.format {
            RecordFormat::Table => self.write_table(global, out, rows),
            RecordFormat::Json => self.write_json(out, rows),
            RecordFormat::Csv => self.write_csv(out, rows),
            #[cfg(feature = "parquet")]
            RecordFormat::Parquet => super::parquet::write(&self.fields, out, rows),
        }
    }

    fn write_table<T: Fields>(
        &self,
        global: &Global,
        out: &mut Out<'_>,
        rows: impl Iterator<Item = Result<T>>,
    ) -> Result<u64> {
        let important =
            if self.important.is_empty() { &self.fields } else { &self.important };
        let mut table = Table::new();
        for field in &self.fields {
            let heading = field.heading();
            table = match field.kind().is_numeric() {
                true => table.number(heading),
                false if field.is_whole() => table.whole(heading),
                false => table.text(heading),
            };
            match important.iter().position(|of| of == field) {
                // Something is left in any case.
                None | Some(0) => {}
                Some(position) => table = table.spare(position),
            }
        }
        let mut count = 0;
        for row in rows {
            let row = row?;
            let cell = |&field: &Field| {
                let text = row.value(field).map(|value| value.for_people(field));
                self.instead.cell(field, text)
            };
            table.row(self.fields.iter().map(cell).collect());
            count += 1;
        }
        let spared = table.write_what_fits(out, output::terminal_width(global))?;
        if !spared.is_empty() {
            let spared = spared.join(", ");
            output::note(
                global,
                &format!("no room for {spared}: choose with --fields, or use --format"),
            );
        }
        Ok(count)
    }

    fn write_json<T: Fields>(
        &self,
        out: &mut Out<'_>,
        rows: impl Iterator<Item = Result<T>>,
    ) -> Result<u64> {
        let mut count = 0;
        for row in rows {
            let object = Object { fields: &self.fields, row: &row? };
            serde_json::to_writer(&mut *out, &object)?;
            out.write_all(b"\n")?;
            count += 1;
        }
        Ok(count)
    }

    fn write_csv<T: Fields>(
        &self,
        out: &mut Out<'_>,
        rows: impl Iterator<Item = Result<T>>,
    ) -> Result<u64> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(self.fields.iter().map(|field| field.name()))?;
        let mut count = 0;
        for row in rows {
            let row = row?;
            let cell = |&field: &Field| match row.value(field) {
                Some(value) => value.csv(field),
                None => String::new(),
            };
            writer.write_record(self.fields.iter().map(cell))?;
            count += 1;
        }
        writer.flush()?;
        Ok(count)
    }
}

/// A row as an object of JSON, without what is not known.
struct Object<'o, T> {
    fields: &'o [Field],
    row: &'o T,
}

impl<T: Fields> Serialize for Object<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for &field in self.fields {
            let value: Option<Value<'_>> = self.row.value(field);
            if let Some(value) = value {
                map.serialize_entry(field.name(), &value)?;
            }
        }
        map.end()
    }
}
