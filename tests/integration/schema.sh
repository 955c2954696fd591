#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# Data that a later version laid out are left alone, by servers and by mpskctl.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

newer='schema 2, and this version of mpsk reads schema 1: install'

told()
{
	lab_log | grep -q "Error: .*$newer"
}

joined()
{
	join Acme "$1" "$2" && [ "$(reason)" = MATCHED ]
}

# refuses EXIT COMMAND...: mpskctl does, and says why.
refuses()
{
	refuses_code=$1
	shift
	"$MPSKCTL" --redis "unix://$MPSK_REDIS_SOCKET" "$@" > "$lab/ctl" 2>&1
	is "mpskctl $1 refuses" $? "$refuses_code"
	ok "and says why" grep -q "$newer" "$lab/ctl"
}

lab_up MPSK_LAB_SET="$lab_patient
log_accept = yes"
key bob ssid Acme psk "a passphrase of bob"
ok "the key is in force" wait_for 10 joined "a passphrase of bob" 00-00-5e-00-53-01
stamped()
{
	[ "$(rcli hget mpsk:meta schema)" = 1 ]
}
ok "the data are marked with the schema that this version writes" wait_for 20 stamped

# --- While the server runs ---

lab_mark
rcli hset mpsk:meta schema 2 > /dev/null
ok "a later schema: the log says so within 20 s" wait_for 20 told
key bob psk "another passphrase"
ok "what was in force stays in force" joined "a passphrase of bob" 00-00-5e-00-53-01
refuses 3 key list
refuses 3 key add eve --ssid Acme --generate
is "and changed nothing" "$(rcli exists 'mpsk:key:{eve}')" 0
refuses 2 doctor

# --- At its start ---

tests/lab radius "$lab" stop
lab_mark
tests/lab radius "$lab" start
ok "at its start: the log says so" wait_for 20 told
joins "and nobody is let in" "1 STORE_DOWN" Acme "another passphrase" 00-00-5e-00-53-02
rcli hset mpsk:meta schema 1 > /dev/null
ok "of a schema that it reads: the keys are in force within 20 s" wait_for 20 joined "another passphrase" 00-00-5e-00-53-02

lab_done
done_testing
