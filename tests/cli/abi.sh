#!/bin/sh
# The binary interface of libgaosou is the one that is checked in; only gaosou_* is exported, by the static library too.
# UPDATE_ABI=1 writes tests/abi/gaosou.abi anew: lines may be added, and none changed or taken away.
set -u
lib=${GAOSOU_LIB_DIR:-}
[ -e "$lib/libgaosou.so" ] || { echo "skipped: no shared library in this build"; exit 0; }
bad=0
sh tests/abi/make_abi.sh common/gaosou.h "$lib/libgaosou.so" >"$TMP/abi" || exit 1
[ "${UPDATE_ABI:-}" ] && cp "$TMP/abi" tests/abi/gaosou.abi
diff -u tests/abi/gaosou.abi "$TMP/abi" || { echo "the binary interface has changed"; bad=1; }

foreign=$(nm -D --defined-only "$lib/libgaosou.so" | awk '$2 != "A" && $3 !~ /^gaosou_[a-z0-9_]+@@GAOSOU_[0-9.]+$/')
[ -z "$foreign" ] || { echo "exported by libgaosou.so: $foreign"; bad=1; }
foreign=$(nm -g --defined-only "$lib/libgaosou.a" | awk 'NF == 3 && $3 !~ /^gaosou_/')
[ -z "$foreign" ] || { echo "exported by libgaosou.a: $foreign"; bad=1; }

# What is declared is exported, and the other way round.
nm -D --defined-only "$lib/libgaosou.so" | sed -n 's/.* \(gaosou_[a-z0-9_]*\)@@.*/\1/p' | sort >"$TMP/exported"
sed -n 's/^declared .*[ *]\(gaosou_[a-z0-9_]*\)(.*/\1/p' "$TMP/abi" | grep -v '_function$' | sort >"$TMP/declared"
diff "$TMP/declared" "$TMP/exported" || { echo "declared (<) and exported (>) differ"; bad=1; }
exit $bad
