//! The log of an SSH server of any size, with every address in it known.

use std::io::Write as _;
use std::net::IpAddr;

use crate::random::Random;
use crate::weblog::client;

/// A log and the addresses that stand in it, in order.
///
/// Lines as OpenSSH's sshd sends them to syslog (RFC 3164), from the clients of
/// [`WebLog`](crate::weblog::WebLog), among lines of other programs without an address.
#[derive(Debug, Default)]
pub struct SshLog {
    /// The bytes of the log.
    pub text: Vec<u8>,
    /// The addresses a reader would find in it.
    pub addresses: Vec<IpAddr>,
}

impl SshLog {
    /// Generates whole lines until there are at least `bytes` bytes.
    ///
    /// The same seed gives the same log on every machine.
    pub fn generate(seed: u64, bytes: usize) -> Self {
        let mut log = Self::default();
        log.text.reserve(bytes + 1024);
        let mut random = Random::new(seed ^ 0x0073_7368);
        while log.text.len() < bytes {
            log.push_line(&mut random);
        }
        log
    }

    fn push_line(&mut self, random: &mut Random) {
        const USERS: [&str; 8] =
            ["admin", "oracle", "test", "ubuntu", "pi", "git", "postgres", "1.2.3"];
        let (hour, minute, second) =
            (random.below(24), random.below(60), random.below(60));
        let day = random.below(28) + 1;
        let process = 1000 + random.below(30_000);
        write!(self.text, "Nov {day:2} {hour:02}:{minute:02}:{second:02} gateway ")
            .expect("a vector takes every write");
        let kind = random.below(20);
        if kind >= 17 {
            let message = random.pick(&[
                "CRON[812]: pam_unix(cron:session): session opened for user root(uid=0)",
                "kernel: [12345.678901] usb 1-1: new device, ver 1.2.3.4.5, dev::id",
                "systemd[1]: Started apt-daily.service at 12:34:56.",
            ]);
            writeln!(self.text, "{message}").expect("a vector takes every write");
            return;
        }
        let host = client(random);
        self.addresses.push(host);
        let port = 1024 + random.below(60_000);
        let user = random.pick(&USERS);
        write!(self.text, "sshd[{process}]: ").expect("a vector takes every write");
        match kind {
            0..=6 => writeln!(
                self.text,
                "Failed password for root from {host} port {port} ssh2"
            ),
            7..=10 => writeln!(
                self.text,
                "Failed password for invalid user {user} from {host} port {port} ssh2"
            ),
            11..=13 => writeln!(self.text, "Invalid user {user} from {host} port {port}"),
            14 => writeln!(
                self.text,
                "Connection closed by authenticating user root {host} port {port} [preauth]"
            ),
            15 => writeln!(
                self.text,
                "Received disconnect from {host} port {port}:11: Bye Bye [preauth]"
            ),
            _ => writeln!(
                self.text,
                "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh \
                 ruser= rhost={host}  user=root"
            ),
        }
        .expect("a vector takes every write");
    }
}
