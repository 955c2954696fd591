#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Scripts have no compiler that warns: shellcheck is it.
set -u
cd "${srcdir:?}" || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

command -v shellcheck > /dev/null || bail_out "shellcheck is not installed: run build-aux/install-packages --test"

scripts=$(
	find check quickstart .ci/run build-aux/build build-aux/freeradius-headers build-aux/install-packages build-aux/man/page completions/mpskctl \
		completions/radmpsk tests/lab tests/bench/peer tests/fuzz/run \
		tests/wifi/boot tests/wifi/image tests/wifi/run tests/wifi/guest/initramfs
	find tests raddb docs -name '*.sh'
	find debian/freeradius-mpsk.postinst debian/freeradius-mpsk.postrm debian/tests/join docker/radius/healthy docker/radius/start \
		docker/redis/healthy docker/redis/start tests/container/run tests/matrix/cell tests/matrix/newcomer tests/matrix/run \
		tests/matrix/tutorial
)
for script in $scripts; do
	if said=$(shellcheck "$script" 2>&1); then
		pass "shellcheck has nothing to say of $script"
	else
		fail "shellcheck has nothing to say of $script" "$said"
	fi
done

done_testing
