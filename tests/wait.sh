# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Waiting for the lab and for tests: nothing sleeps for a time that it guessed.

# wait_for SECONDS COMMAND [ARGUMENT...]: poll a command until it exits 0; 1 where it never does.
# The command calls no wait_for of its own, whose deadline would be this one's.
# A fraction of a second is beyond POSIX, though every sleep of Debian's takes it.
wait_for() {
	wait_deadline=$(($(date +%s) + $1))
	shift
	until "$@"; do
		[ "$(date +%s)" -lt "$wait_deadline" ] || return 1
		sleep 0.05
	done
}
