//! The parser from outside: tables of lines, oracles under random lines, and hostile ones.

mod access;
mod detect;
mod error_logs;
mod hostile;
mod said;
mod sshd;
mod structured;
mod syslog;
mod times;
