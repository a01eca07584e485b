# What the language model makes of entries.
reflection-title = Reflection
reflection-no-model = There is no language model yet. Run “make models”, or choose a folder with a .gguf file in the settings.
reflection-summarise = Summarise
reflection-entry = Entry
reflection-day = Day
reflection-week = Week
reflection-month = Month
reflection-year = Year
reflection-year-name = Summarise this year
reflection-entry-name = Summarise this entry
reflection-day-name = Summarise this day
reflection-week-name = Summarise this week
reflection-month-name = Summarise this month
reflection-ask = Ask me
reflection-stop = Stop
reflection-preparing = Getting ready…
reflection-reading = Reading, { $percent }%
reflection-writing = Writing…
reflection-stopping = Stopping…
reflection-stopped = Stopped before its end.
reflection-used = { $used } of { $total } entries used{ $kept ->
    [0] {""}
   *[other] , { $kept } kept from the model
} · { $told } of { $words } words
summary-made = Made by { $model } ({ $hash }…), seed { $seed }, prompts { $prompts }
summary-stale = An entry under it has changed since. Ask for it again, or it is made anew when you rest.
summary-show-source = Show what it rests on
summary-delete = Delete this summary
summary-search = Summarise these
lit-note = Marked is what a sentence of the summary rests on.
lit-hide = Hide the marks
reflection-kept = This is kept from the model. What it may read is up to you: see the eye above the entry, and the settings.
reflection-questions = Questions to go on with. Choose one to answer it in the entry.
reflection-honest = A small model wrote this on your computer. It can be wrong: your own words count.
reflection-quote = “{ $words }”
reflection-open = Open the entry
reflection-insert = Put this question into the entry
reflection-source-format = %-d %B %Y
reflection-nothing-written = Nothing is written in this entry yet.
reflection-nothing-there = There is no entry yet.
reflection-no-questions = The model found no question that rests on your words.
reflection-too-long = This is more than the model can read at once. Try a shorter span.
reflection-failed = The model could not do it: { $reason }
reflection-busy = Still busy. Try again in a moment.

ask-label = Ask your journal
ask-hint = When did I last see…?
ask-keep = Keep this conversation, sealed in the journal
ask-forget = Forget this conversation
ask-nearest = Nearest entries
ask-failed = The answer could not be found: it stopped in the middle.
