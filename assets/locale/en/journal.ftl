# The list, the entry, the search.
list-new = New entry
list-empty = Your entries will be listed here.
list-month-format = %B %Y
list-day-format = %a %d
list-name-format = %-d %B %Y
entry-blank = Nothing written yet
entry-label = Text of the entry
entry-hint = How was your day?
entry-day-format = %A, %-d %B %Y
entry-moment-edit = Change the day or the time
entry-moment-done = Done
entry-moment-problem = A day is like 2026-11-22, a time like 21:30
entry-date = Day
entry-time = Time
entry-title = Title
entry-title-hint = Title
entry-tags = Tags
entry-tags-hint = Tags, parted by commas
entry-keep-from-model = Never read by the model
entry-star = Star this entry
entry-delete = Delete
entry-delete-sure = Move to trash
entry-delete-keep = Keep
mood-worst = Mood: heavy
mood-bad = Mood: low
mood-even = Mood: even
mood-good = Mood: good
mood-best = Mood: light
save-empty = Nothing to save yet
save-saving = Saving…
save-saved = Saved
save-failed = Could not save. { $reason } Your text is kept here until then.
save-retry = Try again
search-label = Search
search-hint = Search
search-filters = Filters
search-filter-remove = Remove the filter { $filter }
search-filter-starred = Starred
search-filter-photo = With a photo
search-filter-good = Good mood
search-filter-low = Low mood
search-filter-today = This day in other years
search-filter-month = Last month
search-filter-year = This year
search-day-format = %a, %-d %B %Y
search-meaning = { $date } · near in meaning
search-total = { $count ->
    [0] Nothing found
    [one] { $count } entry
   *[other] { $count } entries
}
search-meaning-left = { $count ->
    [one] One entry is still to be read for its meaning
   *[other] { $count } entries are still to be read for their meaning
}
search-reading = Still reading your journal: { $percent }%
status-lock = Lock
status-settings = Settings
status-hide-reflection = Hide reflection
status-show-reflection = Reflection
notice-model-text-deleted = All that the model wrote about this journal is deleted. Your entries are as they were.
notice-dismiss = Dismiss
notice-damaged = { $count ->
    [one] One record of the journal could not be read; all others are here.
   *[other] { $count } records of the journal could not be read; all others are here.
}
notice-older = This is an older copy of your journal: { $count ->
    [one] one change that was made here is
   *[other] { $count } changes that were made here are
} missing. If you put it here yourself, just go on. If not, close it and restore your newest backup before you write.
