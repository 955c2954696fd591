#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The server loads many modules into one process: ours shows it one symbol.
set -u
cd "${srcdir:?}" || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

module=${builddir:?}/rlm_mpsk/.libs/rlm_mpsk.so
[ -f "$module" ] || bail_out "$module is not built"
is "rlm_mpsk.so exports rlm_mpsk and nothing else (-export-symbols-regex in rlm_mpsk/Makefile.inc)" \
	"$(nm -D --defined-only "$module" | awk '{ print $NF }')" rlm_mpsk

done_testing
