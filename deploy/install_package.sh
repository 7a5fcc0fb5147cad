#!/bin/sh
# Build this source tree and install it into TARGET, whose dependencies are there already.
# BUILDER is the interpreter of an environment with requirements/build.lock in it.
# Usage: deploy/install_package.sh TARGET BUILDER
set -eu
target=$1 builder=$2
source=$(cd "$(dirname "$0")/.." && pwd)
wheels=$(mktemp -d)
trap 'rm -rf "$wheels"' EXIT

python3 -m pip --python "$builder" wheel \
    --no-cache-dir --quiet --no-deps --no-build-isolation --no-index --wheel-dir "$wheels" "$source"
python3 -m pip --python "$target/bin/python" install \
    --no-cache-dir --quiet --no-deps --no-index "$wheels"/totetaxi-*.whl
