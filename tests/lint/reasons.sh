#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every reason for which a server decides is explained where people look it
# up, and no other one is.
set -u
cd "${srcdir:?}" || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

header=libmpsk/policy/reason.h
page=docs/how-to/find-out-why.md
decision=docs/explanation/decision.md

reasons=$(sed -n 's/^\tMPSK_REASON_\([A-Z_]*\)[, ].*/\1/p' "$header" | grep -vx MAX | sort)
is "there are reasons" "$([ -n "$reasons" ] && echo yes)" yes
# shellcheck disable=SC2016 # the marks are of the page
is "$page has a row for each, in its tables of the servers' reasons: '| \`REASON\` | ...'" \
	"$(sed -n '/^## What the store alone/q; s/^| `\([A-Z_]*\)` |.*/\1/p' "$page" | sort)" "$reasons"
for reason in $reasons; do
	like "$decision says when it is $reason" "$(cat "$decision")" "\`$reason\`"
done

done_testing
