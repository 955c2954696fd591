#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The documents and the code name the same things: verbs, reasons, names in
# Redis, source files, pages. That commands work is for integration/docs.sh.
# shellcheck disable=SC2016,SC2086 # backticks are what is looked for; the pages are words
set -u
cd "${srcdir:?}" || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

pages=$(find ./*.md docs -name '*.md' | sed 's,^\./,,' | sort)
is "there are pages" "$([ -n "$pages" ] && echo yes)" yes

# named NAME WORDS TEXT...: each word stands in each of the files.
named()
{
	named_what=$1
	named_words=$2
	shift 2
	is "$named_what: there are some" "$([ -n "$named_words" ] && echo yes)" yes
	for named_file; do
		is "$named_what: $named_file names each" "$(for word in $named_words; do
			grep -qw -e "$word" "$named_file" || echo "$word"
		done)" ""
	done
}

# --- Reasons ---

reasons=$(sed -n 's/^\tROW(\([A-Z_]*\), .*/\1/p' libmpsk/policy/reason.c)
named reasons "$reasons" raddb/mods-available/mpsk docs/how-to/find-out-why.md

# Words in capitals with an underscore that stand in backticks: reasons, or in the code as they are.
words=$(grep -ohE '`[A-Z][A-Z0-9]*(_[A-Z0-9]+)+`' $pages | tr -d '`' | sort -u)
is "no page names a reason, a variable or a constant that there is not" "$(for word in $words; do
	grep -rqwF -e "$word" libmpsk rlm_mpsk mpskctl radmpsk tests docker || echo "$word"
done)" ""

# --- Verbs ---

verbs=$(sed -n 's/^\t{ "\([a-z]*\)", \("\([a-z]*\)"\|NULL\), ".*/\1 \3/p' mpskctl/main.c | sed 's/ $//')
is "no page names a verb that mpskctl does not have" "$(grep -ohE '(`|^    +|\$ )mpskctl [a-z]+( [a-z]+)?' $pages |
	sed 's/.*mpskctl //' | sort -u | while read -r noun name; do
		printf '%s\n' "$verbs" | grep -qxE -e "$noun( $name)?" || printf '%s\n' "$verbs" | grep -qx -e "$noun" ||
			echo "$noun $name"
	done)" ""

# --- Names in Redis ---

prefixes=$(grep -ohE '"mpsk:[a-z]+(:[a-z]+)?' libmpsk/store/*.[ch] libmpsk/store/*.lua | tr -d '"' | sort -u)
named "names in Redis" "$prefixes" docs/reference/store.md

# --- Links ---

# FILE TARGET, of relative links.
links()
{
	for page in $pages; do
		grep -oE '\]\([^)]*\)' "$page" | sed "s,^](,,; s,)\$,,; s,^,$page ,"
	done | grep -vE ' (https?:|mailto:)'
}

anchors()
{
	sed -n 's/^##* *//p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

is "each link leads somewhere" "$(links | while read -r page target; do
	file=${target%%#*}
	[ -n "$file" ] && file=$(dirname "$page")/$file || file=$page
	if [ ! -e "$file" ]; then
		echo "$page: $target"
	elif [ "$target" != "${target#*#}" ]; then
		anchors "$file" | grep -qx -e "${target#*#}" || echo "$page: $target"
	fi
done)" ""

reached=$(links | sed -n 's,^\(README\.md\|docs/README\.md\) ,\1 ,p' | while read -r page target; do
	realpath -m --relative-to=. "$(dirname "$page")/${target%%#*}"
done | sort -u)
is "each page is linked from README.md or docs/README.md" "$(for page in $pages; do
	[ "$page" = README.md ] || printf '%s\n' "$reached" | grep -qx -e "$page" || echo "$page"
done)" ""

# --- Source files ---

sources=$(find libmpsk rlm_mpsk mpskctl radmpsk -name '*.[ch]' -o -name '*.lua' | sed 's/\.[^.]*$//' | sort -u)
listed=$(sed -n 's/^| `\([a-z0-9_\/]*\)` |.*/\1/p' docs/explanation/code.md | sort)
is "docs/explanation/code.md has a line for each source file, and for no other" "$listed" "$sources"

done_testing
