#!/bin/sh
# Make the account `totetaxi` and its data folder below ROOT, which is / in an image. The folder is
# the only place it may write to.
# Usage: deploy/make_account.sh ROOT [UID [GID]]
set -eu
root=${1%/} uid=${2:-10001} gid=${3:-10001}
home=/var/lib/totetaxi

echo "totetaxi:x:$gid:" >>"$root/etc/group"
echo "totetaxi:x:$uid:$gid:ToteTaxi:$home:/usr/sbin/nologin" >>"$root/etc/passwd"
install -d -m 0755 "$root/var/lib"
install -d -m 0750 -o "$uid" -g "$gid" "$root$home"
