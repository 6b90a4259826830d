#!/bin/sh
# The binary interface of libgaosou as text, a line each: exported symbols with their versions, functions as declared, values of
# enumerations and macros, members of structs with their offsets.
#   tests/abi/make_abi.sh HEADER LIBRARY.so
set -eu
header=$1 library=$2
cc=${CC:-cc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

nm -D --defined-only "$library" | awk '$2 != "A" {sub(/@@/, " ", $3); print "symbol " $3}' | LC_ALL=C sort

# The declarations, each on one line.
"$cc" -E -P -x c "$header" | grep -v '^#' | tr '\n' ' ' | sed 's/  */ /g; s/; */;\n/g' >"$work/lines"
grep -E '^ ?[a-z].*[ *]gaosou_[a-z0-9_]+\(.*\);$' "$work/lines" | grep -vE '^ ?(enum|struct) [a-z_]+ \{' |
    sed 's/^ //; s/^/declared /' | LC_ALL=C sort

{
    printf '#include <stdio.h>\n#include <stddef.h>\n#include "%s"\nint main(void)\n{\n' "$(cd "$(dirname "$header")" && pwd)/$(basename "$header")"
    sed -n 's/^ *\(GAOSOU_[A-Z0-9_]*\) = .*/printf("value \1 %lld\\n", (long long)\1);/p' "$header"
    sed -n 's/.* \(GAOSOU_[A-Z0-9_]*\) = [0-9]*, \(GAOSOU_[A-Z0-9_]*\) = [0-9]* };.*/printf("value \1 %lld\\nvalue \2 %lld\\n", (long long)\1, (long long)\2);/p' "$header"
    sed -n 's/^#define \(GAOSOU_[A-Z0-9_]*\) *\(0x[0-9a-f]*u\|SIZE_MAX\).*/printf("value \1 %#llx\\n", (unsigned long long)\1);/p' "$header"
    for struct in $(sed -n 's/^struct \(gaosou_[a-z_]*\) {.*/\1/p' "$header"); do
        printf 'printf("struct %s %%zu\\n", sizeof(struct %s));\n' "$struct" "$struct"
        sed -n "/^struct $struct {/,/^};/p" "$header" | sed '1d;$d; s|/\*.*||' | tr -d '\n' | tr ';' '\n' | while read -r member; do
            first=${member%%,*}
            type=${first%[ *]*}
            for name in $(printf '%s' "${member#"$type"}" | tr -d '*' | tr ',' ' '); do
                printf 'printf("member %s.%s %%zu %%zu\\n", offsetof(struct %s, %s), sizeof(((struct %s *)0)->%s));\n' \
                    "$struct" "$name" "$struct" "$name" "$struct" "$name"
            done
        done
    done
    printf 'return 0;\n}\n'
} >"$work/values.c"
"$cc" -o "$work/values" "$work/values.c"
"$work/values" | LC_ALL=C sort
