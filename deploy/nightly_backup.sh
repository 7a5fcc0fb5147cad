#!/bin/sh
# Back the database up, see that the file restores, then let go of all but the newest backups of
# the folder, and of what one that was killed has left there, once that is a day old. Says the
# file's name; where a step fails says why, removes nothing and ends with 1.
# Usage: deploy/nightly_backup.sh FOLDER [KEEP]: KEEP is how many stay, 30 if it is not said
set -eu

folder=$1
keep=${2:-30}
file=$folder/totetaxi-$(date -u +%Y%m%dT%H%M%SZ).tar

quietly() {
    said=$("$@" 2>&1) || {
        printf '%s\n' "$said" >&2
        exit 1
    }
}

quietly totetaxi db backup --out "$file"
quietly totetaxi db verify "$file" --rehearse
# Their names sort by time.
find "$folder" -maxdepth 1 -name 'totetaxi-????????T??????Z.tar' | sort -r |
    tail -n "+$((keep + 1))" | while IFS= read -r old; do
    rm -- "$old"
done
# None that still runs is as old.
find "$folder" -maxdepth 1 -mtime +0 \( -name '.totetaxi-????????' -type d -o \
    -name 'totetaxi-????????T??????Z.tar.part' -type f \) -exec rm -r -- {} +
printf '%s\n' "$file"
