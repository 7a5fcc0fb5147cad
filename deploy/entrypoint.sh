#!/bin/sh
# What a container starts with: `serve` and `worker` wait for the database and bring it up to date,
# one at a time however many start at once; then this process becomes the command, so that it gets
# the signals itself.
# Usage: deploy/entrypoint.sh COMMAND [ARGUMENTS]: those of totetaxi, `serve --no-worker` say
set -eu

case ${1:-} in
serve | worker) totetaxi db upgrade --wait 60 ;;
esac
exec totetaxi "$@"
