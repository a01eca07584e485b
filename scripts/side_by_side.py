"""Adds up into one table what readers found in summaries and questions, and which questions to a journal were answered
rightly, over every judged set: the app beside plain prompting of the same model.

side_by_side.py EXAMPLES MODEL.gguf DIARY.jsonl
"""

import os
import re
import subprocess
import sys
from collections import defaultdict

DATA = "tests/data"
QUESTIONS = f"{DATA}/question_judgements.jsonl"
# Each row of the table, and the row of the examples' tables that it adds up.
ROWS = {
    "Summary sentences that the entry supports": "supported",
    "Words of a summary, of the entry's": "words of the entries' words",
    "Questions that rest on a phrase of the entry": "rest on a phrase of the entry",
    "Questions without any fault": "without any fault",
    "Questions of a month that are distinct": "distinct over a month",
    "Time questions answered rightly": "answered rightly",
}
CELL = re.compile(r"(\d+) of (\d+)\b")


def runs(examples, model, diary):
    """The commands, as lists of words."""
    for entries, judgements in [("modern", "summary_judgements"), ("modern_held_out", "summary_judgements_held_out")]:
        yield [f"{examples}/summaries", model, diary, f"{DATA}/{entries}.jsonl", f"{DATA}/{judgements}.jsonl"]
    for entries, asked in [(diary, "time_questions"), (f"{DATA}/modern_year.jsonl", "time_questions_year")]:
        yield [f"{examples}/questions", entries, f"{DATA}/{asked}.jsonl"]
    for entries in ["modern", "modern_held_out", "modern_questions", "modern_unseen"]:
        yield [f"{examples}/reflect", model, f"{DATA}/{entries}.jsonl", "all"]
    yield [f"{examples}/reflect", model, diary, f"@{DATA}/diary_dates.txt", "month=1666-09"]


def counts(lines):
    """Of each row of a table its cells, as pairs of a part and a whole."""
    for line in lines:
        name, *cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        pairs = [CELL.match(cell) for cell in cells]
        if len(pairs) == 2 and all(pairs):
            yield name, [tuple(map(int, pair.groups())) for pair in pairs]


def share(pairs):
    part, whole = map(sum, zip(*pairs))
    return f"{part} of {whole} ({100 * part // max(whole, 1)} %)"


def main():
    model = sys.argv[2]
    environment = os.environ | {"JUDGEMENTS": QUESTIONS, "PLAIN": model}
    found = defaultdict(list)
    for command in runs(*sys.argv[1:]):
        print("\n" + " ".join(command), flush=True)
        run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        print(run.stdout, flush=True)
        for name, cells in counts(run.stdout.splitlines()):
            found[name].append(cells)
    print("| | The app | Plain prompting |\n|---|---|---|")
    for row, name in ROWS.items():
        print(f"| {row} | {' | '.join(share(side) for side in zip(*found[name]))} |")


main()
