//! End-to-end tests: one program, so that the product is linked once.
#![allow(clippy::disallowed_types, reason = "tests start the program, and tools that watch it")]
mod tidy;
