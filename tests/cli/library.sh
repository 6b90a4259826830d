#!/bin/sh
# libgaosou as it is installed: pkg-config, shared and static, the examples in C and Python, uninstalling.
set -u
lib=${GAOSOU_LIB_DIR:-}
[ -e "$lib/libgaosou.so" ] || { echo "skipped: no shared library in this build"; exit 0; }
bad=0
there=$TMP/there
cc=${CC:-cc}
wanted=$PWD/tests/cli/library.out
{ make --no-print-directory install DESTDIR="$there" PREFIX=/opt/gaosou; } >"$TMP/install.log" 2>&1 ||
    { cat "$TMP/install.log"; exit 1; }
root=$there/opt/gaosou

for file in bin/gaosou-index bin/gaosou-query include/gaosou.h lib/libgaosou.a lib/libgaosou.so lib/libgaosou.so.0 \
    lib/pkgconfig/gaosou.pc share/man/man1/gaosou-query.1; do
    [ -e "$root/$file" ] || { echo "not installed: $file"; bad=1; }
done
if command -v pkg-config >/dev/null 2>&1; then
    PKG_CONFIG_LIBDIR=$root/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$there
    export PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR
    flags=$(pkg-config --cflags --libs gaosou) && all=$(pkg-config --static --libs gaosou) || bad=1
    [ "$(pkg-config --modversion gaosou)" = "$(sed -n 's/.*VERSION_STRING "\(.*\)"/\1/p' common/gaosou.h)" ] || { echo "gaosou.pc: version"; bad=1; }
else
    flags="-I$root/include -L$root/lib -lgaosou" all="-L$root/lib -lgaosou -lzstd -lm -pthread"
fi

# shellcheck disable=SC2086 # flags are words
"$cc" -std=c99 -Wall -Wextra -Wpedantic -Werror examples/search.c $flags -o "$TMP/shared" || bad=1
# shellcheck disable=SC2086
"$cc" -std=c99 examples/search.c "-I$root/include" "$root/lib/libgaosou.a" $all -o "$TMP/static" || bad=1

check() { # check NAME FILE: what an example has printed, against what it should
    diff -u "$wanted" "$2" || { echo "$1: wrong output"; bad=1; }
}
LD_LIBRARY_PATH=$root/lib "$TMP/shared" "$TMP/index1" 净利润 '研发 -下降' 没有的词 >"$TMP/out" || bad=1
check "search.c, shared" "$TMP/out"
"$TMP/static" "$TMP/index2" 净利润 '研发 -下降' 没有的词 >"$TMP/out" || bad=1
check "search.c, static" "$TMP/out"
if LD_LIBRARY_PATH=$root/lib "$TMP/shared" "$TMP/index1" '(净利润' >/dev/null 2>"$TMP/err"; then
    echo "search.c: a bad query is no error"
    bad=1
fi
grep -q 'column 1' "$TMP/err" || { cat "$TMP/err"; bad=1; }
if command -v python3 >/dev/null 2>&1; then
    LIBGAOSOU=$root/lib/libgaosou.so PYTHONDONTWRITEBYTECODE=1 PYTHONIOENCODING=utf-8 \
        python3 examples/search.py "$TMP/index3" 净利润 '研发 -下降' 没有的词 >"$TMP/out" || bad=1
    grep -v '^type:' "$wanted" >"$TMP/no_facets" # which the Python example does not print
    wanted=$TMP/no_facets
    check "search.py" "$TMP/out"
else
    echo "skipped: examples/search.py (no python3)"
fi

make --no-print-directory uninstall DESTDIR="$there" PREFIX=/opt/gaosou >/dev/null || bad=1
left=$(find "$there" ! -type d)
[ -z "$left" ] || { echo "left by uninstall: $left"; bad=1; }
exit $bad
