//! Inglenook: the window and the command line.
pub mod paths;
pub mod reflection;
pub mod trace;
