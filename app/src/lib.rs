//! Inglenook: the window and the command line.
pub mod reflection;
pub mod trace;
