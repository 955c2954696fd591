#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# silent_when_stale: what a server cannot know while Redis is away, it leaves to another one.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

known=00-00-5e-00-53-01

# radmpsk exits 3 where nobody answers; what the server logged then begins with "silent".
silent()
{
	join "$@" --timeout 1 --retries 0 && return 1
	[ $? -eq 3 ] && lab_log | grep -q 'silent reason='
}

# What is asked by MAC, as radclient sees it.
unheard()
{
	lab_mark
	printf 'User-Name = "00-00-5e-00-53-09"\nCalled-Station-Id = "%s:Acme"\n' "$lab_bssid" |
		"$RADCLIENT" -x -r 1 -t 1 "$MPSK_RADIUS" auth "$MPSK_SECRET" 2>&1 | grep -q 'No reply'
}

lab_up MPSK_LAB_SET="log_accept = yes
silent_when_stale = yes
$lab_patient"
wait_loaded
key bob ssid Acme psk "a passphrase of bob" max 1
key off ssid Acme psk "a passphrase of off" enabled 0
in_force "a device is let in" "0 MATCHED" Acme "a passphrase of bob" "$known"
joins "with Redis, a wrong passphrase is answered" "1 NO_MATCH" Acme "no passphrase of bob" "$known"

tests/lab redis "$lab" stop
ok "without it, a MAC that is not known gets no answer after five seconds" wait_for 20 unheard
is "though the log says why" "$(reason)" STORE_DOWN
ok "nor does a wrong passphrase" silent Acme "no passphrase of bob" 00-00-5e-00-53-02
is "and why" "$(reason)" NO_MATCH
joins "a known device is let in" "0 MATCHED" Acme "a passphrase of bob" "$known"
joins "a key that is off is off" "1 DISABLED" Acme "a passphrase of off" "$known"
joins "a full key is full" "1 CAP_REACHED" Acme "a passphrase of bob" 00-00-5e-00-53-03

ok "the server is stopped" tests/lab radius "$lab" stop
ok "and started without Redis" tests/lab radius "$lab" start
ok "it is silent" silent Acme "a passphrase of bob" "$known"
is "for it knows nothing" "$(reason)" STORE_DOWN

tests/lab redis "$lab" start
wait_loaded
joins "Redis comes: a wrong passphrase is answered" "1 NO_MATCH" Acme "no passphrase of bob" 00-00-5e-00-53-04
lab_done
done_testing
