# People, themes, open loops, prompts.
insight-title = People & themes
insight-rule = Found in your entries on this computer, without a model, by capitals and by counting; what you keep from the model is left out. What is wrong can be put right, and that is kept in the journal.
insight-reading = Reading your entries…
insight-people = People
insight-places = Places
insight-themes = Themes
insight-mood = Mood
insight-loops = Still open
insight-nobody-yet = Nobody and no place is named yet, as far as can be told.
insight-row = { $name } · { $count ->
    [one] one entry
   *[other] { $count } entries
}, last { $last }
insight-more = Show more
insight-ways = Also written { $ways }
insight-same = Same as…
insight-same-hint = Another name of whom? Both are one from then on, in searches too.
insight-same-label = Name of the same person
insight-rename = Rename…
insight-rename-hint = How it is to be shown. Your entries stay as they are.
insight-rename-label = New name
insight-is-place = This is a place
insight-is-person = This is a person
insight-forget = Not a name…
insight-forget-hint = It is never shown here again, and the journal doesn't remember which name it was. Your entries stay as they are.
insight-forget-sure = Forget it
insight-apply = Apply
insight-nobody = There is nobody of this name here. Type it as it is shown in the list.
insight-theme = { $word } · { $count }
insight-themes-rule = Words that are in far more entries of a month than of all others.
insight-themes-none = Nothing stands out yet. It takes a few months of entries.
insight-mood-rule = As you set it, from 1 (heavy) to 5 (light). Nothing is reckoned from it.
insight-mood-none = You have not set a mood yet.
insight-mood-line = { $count ->
    [one] One entry
   *[other] { $count } entries
}, { $first } to { $last }
insight-loops-rule = What you wrote you would do in the last three months, and did not mention again.
insight-loops-none = Nothing is open, as far as can be told.
insight-dismiss = Put away
prompt-take = Write about it
prompt-another = Another
prompt-enough = No questions
prompt-entry = Read that entry
settings-insight = People, themes and prompts
settings-insight-on = Find them
settings-insight-hint = Without a model, and only in memory while the journal is open. Turned off, nothing is looked for, and what you put right is deleted from the journal.
