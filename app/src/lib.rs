//! Inglenook: the window and the command line.
pub mod belt;
pub mod cli;
pub mod export;
pub mod import;
mod language_model;
pub mod paths;
pub mod reflection;
pub mod trace;
