//! End-to-end tests: one program, so that the product is linked once.
#![allow(clippy::disallowed_types, reason = "tests start the program, and tools that watch it")]
#![allow(clippy::print_stdout, reason = "tests tell figures, and what they leave out")]
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]
mod asking;
#[cfg(target_os = "linux")]
mod belt;
mod command_line;
mod copies;
mod deeper;
mod diary;
mod durability;
mod insight;
mod keeping;
mod keeping_window;
mod locking;
#[cfg(target_os = "linux")]
mod memory;
mod models;
mod models_window;
mod picker_window;
mod privacy;
#[cfg(target_os = "linux")]
mod real_window;
mod rollback;
mod summaries;
mod tidy;
mod window;
mod writing;
