//! Writes the example logs: `sample-logs FOLDER`, where FOLDER holds `addresses.txt`.

use std::{env, error::Error, fs, path::PathBuf};

use geoip_testkit::sample_logs;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or("name the folder that holds addresses.txt")?;
    let hosts = fs::read_to_string(folder.join("addresses.txt"))?;
    let hosts: Vec<_> = hosts.lines().collect();
    fs::write(folder.join("access.log"), sample_logs::access_log(&hosts))?;
    fs::write(folder.join("auth.log"), sample_logs::auth_log(&hosts))?;
    Ok(())
}
