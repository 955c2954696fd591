#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The two commands of the README that a test can run: ./quickstart --once
# does what it says, and leaves nothing.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh

# The build tree is up to date: make would say so at length, for it runs in make.
unset MAKEFLAGS MAKELEVEL MFLAGS MAKE_TERMOUT MAKE_TERMERR
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

said=$(cd / && TMPDIR=$scratch BUILD_DIR=${builddir:?} "$srcdir/quickstart" --once 2>&1)
is "./quickstart --once ends with 0" "$?" 0
diag "$said"
like "it let the device in" "$said" 'demo'
like "it refused the wrong passphrase" "$said" 'reason=NO_MATCH'
is "it cleans up" "$(ls -A "$scratch")" ""
not_ok "an option that it does not know is an error" ./quickstart --bogus 2> /dev/null

done_testing
