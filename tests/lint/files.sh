#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What every file of ours keeps to: its licence in the first lines, a length
# that a reader can hold, nothing put off till later.
set -u
cd "${srcdir:?}" || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

# Autotools put the rest of build-aux there.
files=$(find libmpsk rlm_mpsk mpskctl radmpsk raddb tests docs completions build-aux/man check quickstart configure.ac \
	Makefile.am .ci/run README.md CONTRIBUTING.md SECURITY.md \
	build-aux/build build-aux/freeradius-headers build-aux/install-packages -type f \
	! -path 'tests/vectors/*' ! -path 'tests/fuzz/corpus/*' ! -name '*~' | sort)
files="$files $(find NEWS debian/control debian/rules debian/*.post* debian/tests docker -type f | sort)"
is "there are files" "$([ -n "$files" ] && echo yes)" yes

without_licence() {
	for file in $files; do
		case $file in
		*.md | *.txt | NEWS)	;;
		*)		head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-2\.0-or-later' || echo "$file" ;;
		esac
	done
}

too_long() {
	for file in $files; do
		lines=$(wc -l < "$file")
		[ "$lines" -lt 500 ] || echo "$file has $lines lines"
	done
}

# Spelled apart, so that this file does not hold them.
put_off() {
	# shellcheck disable=SC2086 # a list of files
	grep -nE '\b(TO''DO|FIX''ME|X''XX|HA''CK)\b' $files
}

wide() {
	for file in $files; do
		case $file in
		*.[ch])	expand "$file" | awk -v file="$file" 'length > 120 { print file ":" NR ": " length " columns" }' ;;
		esac
	done
}

is "every source file says its licence: SPDX-License-Identifier: GPL-2.0-or-later in its first lines" \
	"$(without_licence)" ""
is "no file has 500 lines: give each thing in it a file of its own" "$(too_long)" ""
is "configure.ac has less than 100 lines: give each probe that is long a macro in m4/" \
	"$(awk 'END { if (NR >= 100) print NR " lines" }' configure.ac)" ""
is "nothing is put off till later: do it, or write an issue" "$(put_off)" ""
is "no function of a test is named stop: cmocka 2.0 has a macro of that name" \
	"$(grep -rnE '^static .*[ *]stop\(' tests/unit --include='*.c')" ""
is "C lines are at most 120 columns wide, with tabs of 8" "$(wide)" ""

done_testing
