//! What guards a journal against loss: attached files, backups, earlier versions, copies that went apart.
pub mod attachment;
pub mod backup;
pub mod conflict_copy;
pub mod diff;
pub mod sheet;
