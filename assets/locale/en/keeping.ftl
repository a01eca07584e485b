# Files, earlier versions, the trash, backups, ways to unlock, copies.
keeping-cancel = Cancel
size-bytes = { $amount } bytes
size-kilobytes = { $amount } kB
size-megabytes = { $amount } MB
size-gigabytes = { $amount } GB
files-add = Attach a file…
files-busy = Sealing the file…
files-problem = Could not be done. { $reason }
files-save = Save a copy…
files-saved = Saved, not encrypted, as { $path }
files-remove = Remove…
files-remove-sure = Remove for ever
files-remove-hint = This can't be undone. Backups made before still hold the file.
files-drop = Drop to attach to this entry
history-show = Earlier versions
history-title = Earlier versions
history-rule = Every version is kept. What is saved within ten minutes of writing counts as one.
history-day-format = %-d %B %Y
history-newest = { $when } · as it is now, { $count ->
    [one] one word
   *[other] { $count } words
}
history-version = { $when } · { $count ->
    [one] one word
   *[other] { $count } words
}
history-deleted = { $when } · moved to the trash
history-unreadable = { $when } · can't be read
history-restore = Restore this version
history-legend = Choose a version to compare it with the entry as it is. Struck out: no longer in the entry. Underlined: new since. Restoring loses nothing; the entry as it is now stays among the versions.
shelf-back = Back to the entry
shelf-busy = Reading…
trash-title = Trash
trash-rule = What is deleted stays here for thirty days.
trash-empty = The trash is empty.
trash-left = { $date } · { $count ->
    [0] goes today
    [one] one day left
   *[other] { $count } days left
}
trash-back = Put back
trash-purge = Delete for ever…
trash-purge-hint = This can't be undone: the entry, its versions and its files are wiped from the journal. Backups made before still hold them.
trash-purge-sure = Delete for ever
versions-title = This entry was changed in two places
versions-hint = You see one version below; this is how the other differs. If you go on writing, the one you see is kept and the other stays among the earlier versions.
versions-this = Keep what I see
versions-that = Keep the other
versions-both = Keep both, as two entries
versions-legend = Struck out: only in the version you see. Underlined: only in the other.
versions-open = Look
versions-count = { $count ->
    [one] One entry was changed in two places and has two versions.
   *[other] { $count } entries were changed in two places and have two versions each.
}
copies-found = Another copy of this journal lies beside it and holds changes that are not in this one: { $name }
copies-merge = Merge
copies-merging = Merging…
copies-not-now = Not now
copies-merged = { $count ->
    [one] One change of the other copy is in your journal now. The copy was left where it is.
   *[other] { $count } changes of the other copy are in your journal now. The copy was left where it is.
}
backups-title = Backups
backups-hint = Each is encrypted as the journal is, and read back before it counts. Kept are 7 days, 4 weeks and 12 months.
backups-daily = Make one every day
backups-folder = Folder for backups
backups-folder-hint = Beside the journal, in “backups”. Another disk is safer.
backups-now = Back up now
backups-check = Check the newest backup
backups-busy = Writing and reading back…
backups-drill-busy = Opening the newest backup…
backups-done = Written and read back: { $path }
backups-none = There is no backup yet.
backups-sound = The newest backup opens and reads back whole: { $path }
backups-damaged = The newest backup is damaged: { $path } Make a new one now.
backups-holds = { $entries ->
    [one] One entry
   *[other] { $entries } entries
}, { $words ->
    [one] one word
   *[other] { $words } words
}.
backups-last = The last entry is of { $date }.
backups-older-secrets = It opens with the passphrase of its day, not with the present one.
backups-failed = Today's backup could not be made. { $reason }
check-title = Check the journal
check-hint = Reads every entry and every file, and tells what is damaged.
check-now = Check now
check-busy = Reading everything…
check-sound = { $count ->
    [one] Everything is sound: one entry reads back.
   *[other] Everything is sound: all { $count } entries read back.
}
check-damaged = { $count ->
    [one] The journal is damaged. One entry can still be read.
   *[other] The journal is damaged. { $count } entries can still be read.
}
check-days = Damaged entries: { $days }.
check-advice = Restore a backup with “inglenook restore”, or bring what can be read into a new journal with “inglenook salvage”.
check-failed = Could not be done. { $reason }
ways-title = Ways to unlock
ways-passphrase = Passphrase
ways-passphrase-file = Passphrase and key file
ways-recovery = Recovery phrase
ways-other = A way of a newer version
ways-change = Change passphrase…
ways-add-file = Ask for a key file too…
ways-drop-file = Ask for no key file…
ways-make-recovery = Make a recovery phrase…
ways-renew-recovery = Make a new recovery phrase…
ways-remove = Remove…
ways-remove-hint = It will open this journal no more. Backups made before still open with it.
ways-remove-sure = Remove this way
ways-last = The last way to unlock can't be removed.
ways-recovered = You came in with the recovery phrase. Choose a new passphrase now; the forgotten one opens the journal no more.
ways-present = Present passphrase
ways-new = New passphrase
ways-repeat = The new one once more
ways-key-file = Path of the key file
ways-key-file-hint = Any file that never changes, or a new one. From then on both are needed: without the file, the passphrase opens nothing. Keep a copy of it somewhere else.
ways-key-file-make = Make a new key file there
ways-key-file-made = The key file is written. Keep a copy of it somewhere else.
ways-apply = Apply
ways-busy = Deriving the key…
ways-changed = Done. Backups made before still open as they did.
ways-removed = Removed.
ways-recovery-hint = A phrase that opens this journal when the passphrase is forgotten. It is shown once. An earlier one opens no more.
ways-recovery-make = Make it
ways-sheet-title = Your recovery phrase
ways-sheet-hint = Write it down, or save the sheet and print it. Keep it away from this computer: whoever has it and the journal can read everything. It is not shown again.
ways-sheet-path = Where the sheet goes
ways-sheet-save = Save as PDF
ways-sheet-saved = Saved, not encrypted, as { $path } Print it, then delete it.
ways-part = Part { $number } of it, from your paper
ways-confirm = I have written it down
ways-give-up = Give this phrase up
ways-parts-wrong = That is not what is on the screen. Compare with your paper and try again.
ways-recovery-done = The recovery phrase is set. Try it once from the unlock screen.
sheet-title = Recovery phrase for an Inglenook journal
sheet-explanation =
    With this phrase the journal opens when its passphrase is forgotten: start Inglenook,
    choose "Use the recovery phrase instead" and type it.
    Whoever has this sheet and the journal can read everything. Keep it like a key.
    A recovery phrase made later replaces this one.
problem-recovery = This recovery phrase does not open the journal. Compare it with what you wrote down.
problem-present = The present passphrase, or the key file, is not right. Nothing was changed.
problem-no-file = There is no file at this place.
problem-not-a-file = This is not a file that can be attached.
unlock-recovery = Recovery phrase
unlock-with-recovery = Use the recovery phrase instead
unlock-with-passphrase = Use the passphrase instead
unlock-key-file = Path of the key file
unlock-with-key-file = This journal has a key file
