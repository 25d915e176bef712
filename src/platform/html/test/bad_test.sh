#!/bin/sh
# Every line of bad.html that holds a mistake is an error of the C compiler at that line of the template.
# bad_test.sh TMPLC SOURCE_ROOT COMPILER…
tmplc=$1 root=$2
shift 2
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
template=$root/src/platform/html/test/bad.html

"$tmplc" "$template" "$folder/bad.c" || exit 1
"$@" -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -Wmissing-prototypes -I"$root/src" \
	-fsyntax-only "$folder/bad.c" 2>"$folder/errors" && { echo "bad.html compiles"; exit 1; }
failed=0
for line in 3 4 5 6 7 8 9 10 11 12 13 14 16 18 19 20 22 25; do
	grep -q "bad\.html:$line:[0-9]*: error" "$folder/errors" || {
		echo "no error at bad.html:$line"
		failed=1
	}
done
for line in 15 17 21 23 24 26 27; do
	grep -q "bad\.html:$line:[0-9]*: error" "$folder/errors" && {
		echo "an error at bad.html:$line, where there is nothing wrong"
		failed=1
	}
done
[ $failed = 0 ] || cat "$folder/errors"
exit $failed
