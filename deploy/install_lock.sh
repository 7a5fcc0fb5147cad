#!/bin/sh
# Make a virtual environment at TARGET and install a lock into it, with its hashes, from wheels alone:
# nothing is compiled, and nothing that the lock does not name gets in.
# Usage: deploy/install_lock.sh LOCK TARGET
set -eu
lock=$1 target=$2

python3 -m venv --without-pip "$target"
python3 -m pip --python "$target/bin/python" install \
    --no-cache-dir --quiet --require-hashes --only-binary :all: --requirement "$lock"
