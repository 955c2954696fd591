# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Waiting for the lab and for tests: nothing sleeps for a time that it guessed.

# wait_for SECONDS COMMAND [ARGUMENT...]: poll a command until it exits 0; 1 where it never does.
# A fraction of a second is beyond POSIX, though every sleep of Debian's takes it.
# The deadline is a parameter: the command may wait itself, and variables are everybody's.
wait_for() {
	wait_seconds=$1
	shift
	set -- $(($(date +%s) + wait_seconds)) "$@"
	until wait_try "$@"; do
		[ "$(date +%s)" -lt "$1" ] || return 1
		sleep 0.05
	done
}

wait_try() {
	shift
	"$@"
}
