//! Builder of the basemap data.

use std::path::PathBuf;

/// Where the sources are and where the result goes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Folder of the unpacked source package.
    #[arg(long)]
    source: PathBuf,
    /// File or folder to write.
    #[arg(long)]
    output: PathBuf,
}

pub(crate) fn build(arguments: &Arguments) -> anyhow::Result<()> {
    anyhow::bail!("not built yet: {} to {}", arguments.source.display(), arguments.output.display())
}
