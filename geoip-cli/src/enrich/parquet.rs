//! Rows as a Parquet file, for `DuckDB`, Spark, pandas and the like.

use std::sync::Arc;

use anyhow::{Context, Result};
use parquet::{
    basic::{Compression, LogicalType, Repetition, TimeUnit, Type as PhysicalType},
    data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type},
    errors::ParquetError,
    file::{
        properties::WriterProperties,
        writer::{SerializedColumnWriter, SerializedFileWriter},
    },
    schema::types::{Type, TypePtr},
};

use super::{
    field::{Field, Kind},
    row::Fields,
    value::Value,
};
use crate::output::Out;

/// How many rows are held in memory, as a row group of the file: readers skip by it.
const ROWS_AT_ONCE: usize = 1 << 16;

/// Write rows as they come, in groups. Answers how many there were.
pub(super) fn write<T: Fields>(
    fields: &[Field],
    out: &mut Out<'_>,
    rows: impl Iterator<Item = Result<T>>,
) -> Result<u64> {
    let doing = "cannot make a Parquet file";
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("geoip version ", env!("CARGO_PKG_VERSION")).into())
        .build();
    let schema = schema(fields).context(doing)?;
    let mut writer =
        SerializedFileWriter::new(out, schema, Arc::new(properties)).context(doing)?;
    let mut columns: Vec<_> = fields.iter().map(|&field| Column::new(field)).collect();
    let mut count = 0;
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        for row in rows.by_ref().take(ROWS_AT_ONCE) {
            let row = row?;
            for (column, &field) in columns.iter_mut().zip(fields) {
                column.push(row.value(field), field);
            }
            count += 1;
        }
        let mut group = writer.next_row_group().context(doing)?;
        for column in &mut columns {
            let to = group.next_column().context(doing)?;
            column.flush(to.context(doing)?).context(doing)?;
        }
        group.close().context(doing)?;
    }
    writer.close().context(doing)?;
    Ok(count)
}

/// The columns of the file. Every value can be missing: not known.
fn schema(fields: &[Field]) -> Result<TypePtr, ParquetError> {
    let columns = fields.iter().map(|&field| column_type(field));
    let columns = columns.collect::<Result<_, _>>()?;
    let rows = Type::group_type_builder("records").with_fields(columns);
    Ok(Arc::new(rows.build()?))
}

fn column_type(field: Field) -> Result<TypePtr, ParquetError> {
    let one = |name, kind, logical, repetition| {
        let column = Type::primitive_type_builder(name, kind)
            .with_logical_type(logical)
            .with_repetition(repetition);
        column.build().map(Arc::new)
    };
    let text = Some(LogicalType::String);
    let name = field.name();
    match field.kind() {
        Kind::Text => one(name, PhysicalType::BYTE_ARRAY, text, Repetition::OPTIONAL),
        Kind::Number => one(name, PhysicalType::INT64, None, Repetition::OPTIONAL),
        Kind::Fraction => one(name, PhysicalType::DOUBLE, None, Repetition::OPTIONAL),
        Kind::Time => {
            let micros = LogicalType::timestamp(true, TimeUnit::MICROS);
            one(name, PhysicalType::INT64, Some(micros), Repetition::OPTIONAL)
        }
        // The three levels that the format asks of a list.
        Kind::List => {
            let element =
                one("element", PhysicalType::BYTE_ARRAY, text, Repetition::REQUIRED)?;
            let list = Type::group_type_builder("list")
                .with_repetition(Repetition::REPEATED)
                .with_fields(vec![element]);
            let column = Type::group_type_builder(name)
                .with_repetition(Repetition::OPTIONAL)
                .with_logical_type(Some(LogicalType::List))
                .with_fields(vec![Arc::new(list.build()?)]);
            column.build().map(Arc::new)
        }
    }
}

/// What is held of a column: its values, and which rows have one.
struct Column {
    values: Values,
    /// Per entry, how much of it is there: all or nothing.
    present: Vec<i16>,
    /// Per entry of a list, whether it goes on with the list before it.
    goes_on: Option<Vec<i16>>,
}

enum Values {
    Texts(Vec<ByteArray>),
    Numbers(Vec<i64>),
    Fractions(Vec<f64>),
}

/// What is said of a list that is there with an element: the list, and the element.
const IN_LIST: i16 = 2;

impl Column {
    fn new(field: Field) -> Self {
        let values = match field.kind() {
            Kind::Text | Kind::List => Values::Texts(Vec::new()),
            Kind::Number | Kind::Time => Values::Numbers(Vec::new()),
            Kind::Fraction => Values::Fractions(Vec::new()),
        };
        let goes_on = (field.kind() == Kind::List).then(Vec::new);
        Self { values, present: Vec::new(), goes_on }
    }

    fn push(&mut self, value: Option<Value<'_>>, field: Field) {
        if let Some(goes_on) = &mut self.goes_on {
            let items = match value {
                Some(Value::List(items)) => items,
                _ => Vec::new(),
            };
            if items.is_empty() {
                goes_on.push(0);
                self.present.push(0);
            }
            for (position, item) in items.iter().enumerate() {
                goes_on.push(i16::from(position > 0));
                self.present.push(IN_LIST);
                self.values.push_text(item);
            }
            return;
        }
        self.present.push(i16::from(value.is_some()));
        match (&mut self.values, value) {
            (_, None) => {}
            (Values::Numbers(numbers), Some(Value::Number(number))) => {
                numbers.push(i64::try_from(number).unwrap_or(i64::MAX));
            }
            (Values::Numbers(numbers), Some(Value::Time(time))) => {
                let micros = i64::from(time.nanoseconds() / 1000);
                numbers.push(time.seconds().saturating_mul(1_000_000) + micros);
            }
            (Values::Fractions(fractions), Some(Value::Fraction(fraction))) => {
                fractions.push(fraction);
            }
            (values, Some(value)) => values.push_text(&value.plain(field)),
        }
    }

    /// Write what is held, and hold nothing.
    fn flush(&mut self, mut to: SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let (present, goes_on) = (&self.present, self.goes_on.as_deref());
        match &mut self.values {
            Values::Texts(texts) => {
                write_all::<ByteArrayType>(&mut to, texts, present, goes_on)?;
            }
            Values::Numbers(numbers) => {
                write_all::<Int64Type>(&mut to, numbers, present, goes_on)?;
            }
            Values::Fractions(fractions) => {
                write_all::<DoubleType>(&mut to, fractions, present, goes_on)?;
            }
        }
        self.present.clear();
        if let Some(goes_on) = &mut self.goes_on {
            goes_on.clear();
        }
        to.close()
    }
}

impl Values {
    fn push_text(&mut self, text: &str) {
        if let Self::Texts(texts) = self {
            texts.push(ByteArray::from(text));
        }
    }
}

fn write_all<D: DataType>(
    to: &mut SerializedColumnWriter<'_>,
    values: &mut Vec<D::T>,
    present: &[i16],
    goes_on: Option<&[i16]>,
) -> Result<(), ParquetError> {
    to.typed::<D>().write_batch(values, Some(present), goes_on)?;
    values.clear();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use parquet::{
        file::reader::{FileReader, SerializedFileReader},
        record::{Field as Read, RowAccessor},
    };

    struct Numbered(u32);

    impl Fields for Numbered {
        fn value(&self, field: Field) -> Option<Value<'_>> {
            let n = u64::from(self.0);
            match field {
                Field::City if n % 3 == 1 => None,
                Field::City => Some(Value::from(format!("city {}", n % 7))),
                Field::Hits => Some(Value::Number(if n == 0 { u64::MAX } else { n })),
                Field::Latitude => Some(Value::Fraction(f64::from(self.0) / 4.0)),
                Field::Flags => {
                    let all = ["tor", "vpn", "hosting"];
                    let some = all.iter().take(self.0 as usize % 4);
                    let some: Vec<_> = some.map(|&flag| flag.into()).collect();
                    (!some.is_empty()).then_some(Value::List(some))
                }
                _ => None,
            }
        }
    }

    #[test]
    fn what_is_written_is_read_back_over_several_row_groups() {
        let fields = [Field::City, Field::Hits, Field::Latitude, Field::Flags];
        let count = u32::try_from(ROWS_AT_ONCE).unwrap() + 1000;
        let mut out = Vec::new();
        let rows = (0..count).map(|n| Ok(Numbered(n)));
        assert_eq!(write(&fields, &mut out, rows).unwrap(), u64::from(count));

        let reader = SerializedFileReader::new(Bytes::from(out)).unwrap();
        assert_eq!(reader.num_row_groups(), 2);
        let mut read = 0;
        for (n, row) in (0..).zip(reader.get_row_iter(None).unwrap()) {
            let (row, expected) = (row.unwrap(), Numbered(n));
            match expected.value(Field::City) {
                None => assert!(row.get_string(0).is_err(), "{n}"),
                Some(city) => {
                    assert_eq!(row.get_string(0).unwrap(), &city.csv(Field::City));
                }
            }
            let hits = if n == 0 { i64::MAX } else { n.into() };
            assert_eq!(row.get_long(1).unwrap(), hits);
            assert!((row.get_double(2).unwrap() - f64::from(n) / 4.0).abs() < 1e-9);
            let flags = row.get_list(3).map_or(0, |list| list.elements().len());
            assert_eq!(flags, n as usize % 4, "{n}");
            if flags > 1 {
                let list = row.get_list(3).unwrap();
                assert_eq!(list.elements()[1], Read::Str("vpn".into()));
            }
            read += 1;
        }
        assert_eq!(read, count);
    }

    #[test]
    fn no_rows_are_a_file_too() {
        let mut out = Vec::new();
        let none = std::iter::empty::<Result<Numbered>>();
        assert_eq!(write(&[Field::Hits], &mut out, none).unwrap(), 0);
        let reader = SerializedFileReader::new(Bytes::from(out)).unwrap();
        assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
    }
}
