//! Writes a log of many megabytes, and if asked the addresses that are in it:
//! `big-log web|ssh MEGABYTES [TRUTH] > access.log`.

use std::{
    env,
    error::Error,
    fs::File,
    io::{self, BufWriter, Write},
    net::IpAddr,
};

use geoip_testkit::{sshlog::SshLog, weblog::WebLog};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let kind = arguments.next().ok_or("say `web` or `ssh`")?;
    let megabytes = arguments.next().ok_or("say how many megabytes")?.parse()?;
    let mut truth = arguments.next().map(File::create).transpose()?.map(BufWriter::new);
    let mut out = io::stdout().lock();
    for seed in 0..megabytes {
        let (text, addresses) = megabyte(&kind, seed)?;
        out.write_all(&text)?;
        if let Some(truth) = &mut truth {
            for address in addresses {
                writeln!(truth, "{address}")?;
            }
        }
    }
    if let Some(mut truth) = truth {
        truth.flush()?;
    }
    Ok(())
}

fn megabyte(kind: &str, seed: u64) -> Result<(Vec<u8>, Vec<IpAddr>), String> {
    const BYTES: usize = 1_000_000;
    match kind {
        "web" => {
            let WebLog { text, addresses } = WebLog::generate(seed, BYTES);
            Ok((text, addresses))
        }
        "ssh" => {
            let SshLog { text, addresses } = SshLog::generate(seed, BYTES);
            Ok((text, addresses))
        }
        other => Err(format!("no kind of log is called {other:?}; say `web` or `ssh`")),
    }
}
