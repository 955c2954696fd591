#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each header compiles alone: whoever includes it need not know what it needs.
set -u
cd "${srcdir:?}" || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

headers=$(find libmpsk rlm_mpsk mpskctl radmpsk -name '*.h' | sort)
is "there are headers" "$([ -n "$headers" ] && echo yes)" yes

compiles() {
	# shellcheck disable=SC2086 # lists of options
	printf '#include "%s"\n' "${1#libmpsk/}" |
		${CC:-cc} -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wstrict-prototypes -Werror -fsyntax-only \
			-Ilibmpsk -I. ${HEADER_CFLAGS-} -x c -
}

for header in $headers; do
	if said=$(compiles "$header" 2>&1); then
		pass "$header compiles alone"
	else
		fail "$header compiles alone" "include in it what it needs, or declare the type forward:
$said"
	fi
done

done_testing
