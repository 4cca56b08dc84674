//! The extractor from outside: the table of cases, and the oracle under random text.

mod cases;
mod oracle;
mod properties;
mod readings;
mod surroundings;
mod switches;
mod table;
