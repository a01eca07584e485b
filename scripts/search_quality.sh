#!/bin/sh
# Imports a diary into a journal of its own, indexes it (this takes minutes), and measures the search over it.
# search_quality.sh PROGRAM DIARY.jsonl QUERIES.jsonl; the journal is kept in target/ for the next time.
set -eu
journal=target/eval-$(basename "$2" .jsonl).inglenook
ask() { echo "correct horse battery staple" | "$@"; }
if ! test -e "$journal"; then
    ask "$1" --passphrase-stdin --journal "$journal" new
    ask "$1" --passphrase-stdin --journal "$journal" import "$2"
fi
ask "$1" --passphrase-stdin --journal "$journal" index
ask target/release/examples/search_quality "$journal" "$INGLENOOK_MODELS/all-MiniLM-L6-v2" "$3"
