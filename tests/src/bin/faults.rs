//! Makes faults and counts what they cost: kills, power cuts, full disks.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]
use std::{path::PathBuf, process::ExitCode, time::Instant};

use clap::Parser;
use tests::faults::{Count, cuts, disk::Deaf, flips, full, kills, load};

/// Kills a program that writes a journal, cuts the power of its disk, fills the disk, and looks
/// each time whether everything that was acknowledged is there. Ends with 1 where anything isn't.
#[derive(Parser)]
struct Arguments {
    /// Kill the writing program so many times, at random moments
    #[arg(long, default_value_t = 0)]
    kills: usize,
    /// Cut the power so many times; unsynced writes are dropped, torn and reordered (needs strace)
    #[arg(long, default_value_t = 0)]
    cuts: usize,
    /// Write with every number of free pages of 4 KiB below this (needs to mount a tmpfs)
    #[arg(long, default_value_t = 0)]
    full: usize,
    /// Flip every so many-th byte of a small journal and of its log, and cut both short
    #[arg(long, default_value_t = 0)]
    flips: usize,
    /// Another seed makes other moments
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Cut the power of a disk that ignores syncs: fails unless losses are found
    #[arg(long)]
    ignore_syncs: bool,
    /// Be the program that writes, to this journal
    #[arg(long, hide = true)]
    load: Option<PathBuf>,
    #[arg(long, hide = true, default_value_t = 1)]
    first: u64,
    #[arg(long, hide = true, default_value_t = 100_000)]
    steps: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(journal) = &arguments.load {
        load::run(journal, arguments.first, arguments.steps).unwrap();
        return ExitCode::SUCCESS;
    }
    let Arguments { kills, cuts, full, seed, .. } = arguments;
    let program = std::env::current_exe().unwrap();
    let mut sound = true;
    if kills > 0 {
        sound &= report("kills", || Ok(kills::run(&program, kills, seed)));
    }
    if cuts > 0 && arguments.ignore_syncs {
        let lossy = || cuts::run(&program, cuts, seed, Deaf::Yes);
        sound &= !report("power cuts of a disk that ignores syncs", lossy);
    } else if cuts > 0 {
        sound &= report("power cuts", || cuts::run(&program, cuts, seed, Deaf::No));
    }
    if full > 0 {
        sound &= report("full disks", || full::run(full));
    }
    if arguments.flips > 0 {
        sound &= report_flips(arguments.flips);
    }
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether nothing was wrong. What can't be done here is told, and isn't wrong.
fn report(what: &str, run: impl FnOnce() -> Result<Count, String>) -> bool {
    let start = Instant::now();
    let count = match run() {
        Ok(count) => count,
        Err(why) => {
            println!("{what}: not checked here: {why}");
            return true;
        }
    };
    count.failures.iter().take(10).for_each(|failure| println!("{what}: {failure}"));
    println!(
        "{} {what}, {} in the middle of a step, {} acknowledged steps looked for: {} failures, {:.0} s",
        count.faults,
        count.in_a_step,
        count.acknowledged,
        count.failures.len(),
        start.elapsed().as_secs_f64()
    );
    count.failures.is_empty()
}

fn report_flips(step: usize) -> bool {
    let start = Instant::now();
    let damage = flips::run(step);
    damage.failures.iter().take(10).for_each(|failure| println!("damage: {failure}"));
    println!(
        "{} damages: {} refused, {} told, {} told as an older copy, {} harmless; at most {} of 4 \
         entries lost by one: {} failures, {:.0} s",
        damage.tried,
        damage.refused,
        damage.told,
        damage.older,
        damage.harmless,
        damage.most_lost,
        damage.failures.len(),
        start.elapsed().as_secs_f64()
    );
    damage.failures.is_empty()
}
