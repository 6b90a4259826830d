#!/bin/sh
# Installs what the peers need from Debian, as root or through sudo. What cannot be installed is said in
# one line and left: run.py reports each peer that is missing for it.
set -u
as_root=
[ "$(id -u)" -eq 0 ] || as_root=sudo
log=$(mktemp)
trap 'rm -f "$log"' EXIT
updated=
for package in python3 zstd pkg-config groonga-bin libgroonga-dev libsqlite3-dev g++ libxapian-dev ripgrep \
    default-jdk-headless maven cargo; do
    case $package in # there already, from wherever
    cargo) command -v cargo >/dev/null 2>&1 && continue ;;
    default-jdk-headless) command -v javac >/dev/null 2>&1 && continue ;;
    maven) command -v mvn >/dev/null 2>&1 && continue ;;
    esac
    dpkg -s "$package" >/dev/null 2>&1 && continue
    [ -n "$updated" ] || $as_root apt-get update >"$log" 2>&1
    updated=yes
    echo "installing $package"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$package" >"$log" 2>&1 ||
        echo "cannot install $package: $(tail -n 1 "$log")" >&2
done
exit 0
