//! The program: parse, dispatch, report.

mod args;
mod cluster;
mod databases;
mod db;
mod direction;
mod enrich;
mod extract;
mod failure;
mod folders;
mod found;
mod gather;
mod home;
mod hosts;
mod input;
mod lists;
mod log;
mod lookup;
mod map;
mod output;
mod points;
mod report;
mod search;
mod selection;
mod services;
mod style;
mod table;
mod text;
mod timeline;
mod wanted;

use std::process::ExitCode;

use clap::Parser;

use crate::{args::Arguments, output::Outcome};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        // The result is there, but without what could not be read.
        Ok(_) if input::some_unread() => ExitCode::from(2),
        // So it is, but a service did not answer all that it was asked.
        Ok(_) if services::some_unanswered() => ExitCode::from(3),
        Ok(Outcome::Found) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Ok(Outcome::Partial) => ExitCode::from(3),
        // Whoever closed the pipe has read what it wanted.
        Err(error) if failure::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::report_failure(&error);
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    use args::Command;

    let global = &arguments.global;
    output::check_folder(global)?;
    match &arguments.command {
        Command::Extract(options) => extract::run(global, options),
        Command::Lookup(options) => lookup::run(global, options),
        Command::Enrich(options) => enrich::run(global, options),
        Command::Cluster(options) => cluster::run(global, options),
        Command::Map(options) => map::run(global, options),
        Command::Report(options) => report::run(global, options),
        Command::Db(options) => db::run(global, options),
    }
}
