#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The manual pages: no formatter complains, each has its sections, and those of
# the programs name every verb and option, and none that does not exist. The
# --help of each verb has an example.
set -u
cd "${srcdir:?}" || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

mpskctl=${builddir:?}/mpskctl/mpskctl
for tool in man mandoc; do
	command -v "$tool" >/dev/null || bail_out "$tool is not installed: run build-aux/install-packages --test"
done

for page in mpskctl.1 radmpsk.1 rlm_mpsk.5 mpsk-store.7; do
	file=$builddir/man/$page
	[ -s "$file" ] || bail_out "$file is not made"
	is "man has nothing to say of $page" "$(LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l "$file" 2>&1 >/dev/null)" ""
	# A date would be another one with each build.
	is "mandoc has nothing to say of $page" "$(mandoc -T lint -W warning "$file" | grep -v 'missing date')" ""
	is "$page is filled in" "$(grep -n '@[A-Z]' "$file")" ""
	for section in NAME DESCRIPTION "SEE ALSO"; do
		ok "$page has a section $section" grep -qx "\\.SH $section" "$file"
	done
done
for page in mpskctl.1 radmpsk.1; do
	for section in SYNOPSIS FILES EXAMPLES "EXIT STATUS"; do
		ok "$page has a section $section" grep -qx "\\.SH $section" "$builddir/man/$page"
	done
done

# Every row of the table of verbs, as the source has it.
verbs=$(sed -n '/^static ctl_verb_t const verbs\[\]/,/^};/s/^	{ "\([a-z]*\)", \(NULL\|"\([a-z-]*\)"\),.*/\1 \3/p' mpskctl/main.c)
is "there are verbs" "$([ "$(printf '%s\n' "$verbs" | wc -l)" -gt 20 ] && echo yes)" yes

# definitions: the options that a --help describes.
definitions()
{
	sed -n 's/^  *\(-.*\)/\1/p' | cut -c 1-100 | grep -oE -- '--[a-z0-9-]+' | sort -u
}

# One line each, and descriptions in a column of their own.
ARGP_HELP_FMT=rmargin=9000,opt-doc-col=100
export ARGP_HELP_FMT
known=$("$mpskctl" --help | definitions)
page=$(sed 's/\\-/-/g' "$builddir/man/mpskctl.1")
while read -r verb; do
	# shellcheck disable=SC2086 # two words
	help=$("$mpskctl" $verb --help)
	like "mpskctl $verb --help has an example" "$help" "^  (.*\| )?mpskctl $verb( |\$)"
	like "mpskctl.1 has the verb $verb" "$page" "^\\.SS mpskctl $verb( |\$)"
	own=$(printf '%s\n' "$help" | definitions)
	section=$(printf '%s\n' "$page" | awk -v verb="mpskctl $verb " '/^\.S[SH]/ { on = index($0 " ", ".SS " verb) == 1 } on')
	common=$(printf '%s\n' "$page" | awk '/^\.SH/ { on = $2 == "OPTIONS" } on')
	missing=
	for option in $own; do
		printf '%s\n%s\n' "$section" "$common" | grep -qE -- "^\\.BR? .*$option([^a-z0-9-]|\$)" || missing="$missing $option"
	done
	is "mpskctl.1 has all options of $verb" "$missing" ""
	known="$known
$own"
done <<EOF
$verbs
EOF
is "mpskctl.1 has no verb that there is not" \
	"$(printf '%s\n' "$page" | sed -n 's/^\.SS mpskctl \([a-z]* *[a-z]*\).*/\1/p' | sed 's/ *$//' | sort)" \
	"$(printf '%s\n' "$verbs" | sed 's/ *$//' | sort)"

# named PAGE KNOWN: options that a page names and that do not exist.
unknown()
{
	printf '%s\n' "$1" | grep -oE -- '(^|[^a-z0-9-])--[a-z0-9][a-z0-9-]*' | grep -oE -- '--[a-z0-9-]+' | sort -u |
		while read -r option; do
			printf '%s\n' "$2" | grep -qx -e "$option" || echo "$option"
		done
}
is "mpskctl.1 names no option that there is not" "$(unknown "$page" "$known")" ""

known=$("$builddir/radmpsk/radmpsk" --help | definitions)
page=$(sed 's/\\-/-/g' "$builddir/man/radmpsk.1")
missing=
for option in $known; do
	[ "$option" = --usage ] || printf '%s\n' "$page" | grep -qE -- "^\\.BR? .*$option([^a-z0-9-]|\$)" ||
		[ "$option" = --help ] || [ "$option" = --version ] || missing="$missing $option"
done
is "radmpsk.1 has all options" "$missing" ""
is "radmpsk.1 names no option that there is not" "$(unknown "$page" "$known")" ""

# The same codes in the pages of both programs and in docs/reference.
codes()
{
	awk -v heading="$1" '/^\.SH/ || /^## / { on = index($0, heading) > 0 } on' "$2" |
		sed -nE 's/^\| ([0-9]+) \|.*/\1/p; s/^\.B ([0-9]+)$/\1/p; s/^([0-9]+)  .*/\1/p' | paste -s -d ' ' -
}
for program in mpskctl radmpsk; do
	is "docs/reference/exit-codes.md has the codes of $program" "$(codes "$program" docs/reference/exit-codes.md)" \
		"$(codes "EXIT STATUS" "$builddir/man/$program.1")"
done

done_testing
