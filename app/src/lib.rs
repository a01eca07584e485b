//! Inglenook: the window and the command line.
pub mod belt;
pub mod cli;
pub mod export;
pub mod import;
pub mod paths;
pub mod reflection;
pub mod trace;
