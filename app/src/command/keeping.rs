//! Wishes about what guards against loss: files, versions, the trash, backups, ways to unlock, copies.
use vault::{AttachmentId, EntryId, RevisionId, SlotId};

use crate::state::keeping::WayForm;

/// One wish of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Ask whether a file shall be removed; asked again, don't.
    AskRemove(AttachmentId),
    /// Remove a file for good.
    Remove(AttachmentId),
    /// Show the earlier versions of the open entry.
    ShowHistory,
    /// Compare a version with the entry as it is.
    Compare(RevisionId),
    /// Make a version the newest.
    Restore(RevisionId),
    /// Show the trash.
    ShowTrash,
    /// Put an entry back from the trash.
    Undelete(EntryId),
    /// Ask whether an entry of the trash shall go for ever.
    AskPurge(EntryId),
    /// Delete it for ever.
    Purge(EntryId),
    /// Back from the versions or the trash to the entry.
    CloseShelf,
    /// Of two versions keep the one shown.
    KeepThis,
    /// Of two versions keep the other.
    KeepThat(RevisionId),
    /// Make an entry of its own of each other version.
    KeepBoth,
    /// Merge the copy that was found.
    Merge,
    /// Leave the copy for now.
    NotNow,
    /// Take the folder of the backups as typed.
    TakeBackupFolder,
    /// Make a backup now.
    BackUp,
    /// Open the newest backup and tell what it holds.
    CheckBackup,
    /// Read all of the journal and check it.
    Verify,
    /// Open a form about ways to unlock.
    OpenWay(WayForm),
    /// Close it.
    CloseWay,
    /// Replace the passphrase, or the key file, as typed.
    ChangePassphrase,
    /// Make the key file typed.
    MakeKeyFile,
    /// Make a recovery phrase.
    MakeRecovery,
    /// Save it as a sheet to print.
    SaveSheet,
    /// It is written down, as what was typed back shows.
    ConfirmRecovery,
    /// Remove a way to unlock.
    RemoveSlot(SlotId),
}
