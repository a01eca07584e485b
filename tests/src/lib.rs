//! What the end-to-end tests share.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]
pub mod binary;
pub mod desk;
pub mod script;
