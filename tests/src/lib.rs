//! What the end-to-end tests share.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]
pub mod binary;
pub mod desk;
#[cfg(target_os = "linux")]
pub mod display;
#[cfg(target_os = "linux")]
pub mod key_bytes;
#[cfg(target_os = "linux")]
pub mod memory_image;
pub mod script;
