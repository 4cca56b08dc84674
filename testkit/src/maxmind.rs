//! MaxMind's own test databases, and what they must answer.

use std::path::PathBuf;

/// The path of one of MaxMind's test databases or of their expected records.
pub fn file(name: &str) -> PathBuf {
    folder().join(name)
}

/// The paths of the databases that are damaged on purpose, in the order of their names.
///
/// # Panics
/// If the fixtures are not there.
pub fn damaged() -> Vec<PathBuf> {
    let folder = folder().join("bad-data");
    let entries = folder.read_dir().expect("the fixtures are part of the repository");
    let mut paths: Vec<_> =
        entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    paths
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/data/maxmind"))
}
