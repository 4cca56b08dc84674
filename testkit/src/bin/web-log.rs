//! Writes a web access log of many megabytes: `web-log MEGABYTES > access.log`.

use std::{
    env,
    error::Error,
    io::{self, Write},
};

use geoip_testkit::weblog::WebLog;

fn main() -> Result<(), Box<dyn Error>> {
    let megabytes = env::args().nth(1).ok_or("say how many megabytes")?.parse()?;
    let mut out = io::stdout().lock();
    for seed in 0..megabytes {
        out.write_all(&WebLog::generate(seed, 1_000_000).text)?;
    }
    Ok(())
}
