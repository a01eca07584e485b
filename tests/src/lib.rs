//! What the end-to-end tests share.
#![allow(clippy::disallowed_types, reason = "tests start programs")]
#![allow(clippy::print_stdout, reason = "a child tells its parent what it did")]
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]
pub mod binary;
pub mod desk;
#[cfg(target_os = "linux")]
pub mod display;
pub mod faults;
#[cfg(target_os = "linux")]
pub mod key_bytes;
#[cfg(target_os = "linux")]
pub mod memory_image;
pub mod script;
