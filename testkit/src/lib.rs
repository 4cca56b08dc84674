//! Fixtures, generators and oracles shared by the tests of the workspace.
pub mod http;
pub mod maxmind;
pub mod mmdb;
pub mod points;
pub mod random;
pub mod sample_logs;
pub mod sshlog;
pub mod weblog;
