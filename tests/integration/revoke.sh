#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# A device joins, its access point accounts for it, its key is revoked: it is
# off within five seconds, and cannot come back.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh
. tests/integration/sessions.sh
. tests/integration/nas.sh

command -v jq > /dev/null || bail_out "jq is not installed: run build-aux/install-packages --test"
lab_up MPSK_LAB_SET="log_accept = yes
$lab_patient"
dir=$lab
pids=
trap 'for pid in $pids; do kill $pid 2>/dev/null; done; lab_exit' EXIT
mac=00-00-5e-00-53-01
nas=radmpsk
nas_up $nas
export MPSK_REDIS
ok "the access point is told of" sh -c "printf testing123 |
	\"$MPSKCTL\" nas set $nas --coa-port $port --secret-file - --quiet"

# on SID [KEY]: the device joins by the handshake, and its session begins.
on()
{
	in_force "the device joins" "0 MATCHED" Acme "a passphrase of bob" $mac
	echo "$mac $1" >> "$dir/$nas.on"
	ok "its start is answered" acct start $mac --session-id "$1" --user-name bob
	ok "its session is known" wait_for 10 record_is bob "$nas/$1" .mac $mac
}

acks()
{
	grep -c " session=$1 ack\$" "$dir/$nas.log"
}

# refused_by REASON: neither its passphrase nor its MAC lets the device in.
refused_by()
{
	! join Acme "a passphrase of bob" $mac && [ "$(reason)" = "$1" ] &&
		! join Acme "a passphrase of bob" $mac --bound
}

# revoked NAME SID REASON VERB...: the verb ends the session within 5 s, and the device stays out.
revoked()
{
	revoked_name=$1
	revoked_sid=$2
	revoked_reason=$3
	shift 3
	begun=$(date +%s%N)
	ok "$revoked_name" "$MPSKCTL" --quiet "$@"
	took=$((($(date +%s%N) - begun) / 1000000))
	# The access point's own clock: from the beginning of the command to its answer.
	at=$(grep " session=$revoked_sid ack\$" "$dir/$nas.log" | cut -d' ' -f1)
	diag "$revoked_name: the command took $took ms; the device was off after $((${at:-0} - begun / 1000000)) ms"
	is "$revoked_name: the device is off" "$(acks "$revoked_sid")" 1
	ok "$revoked_name: within 5 s" [ "$((${at:-0} - begun / 1000000))" -lt 5000 ]
	ok "$revoked_name: it cannot come back" refused_by "$revoked_reason"
	ok "$revoked_name: it stays out" refused_by "$revoked_reason"
}

key bob ssid Acme psk "a passphrase of bob" vlan 20 name bob
wait_loaded

on S1
revoked "key disable" S1 DISABLED key disable bob
ok "its session ended" record_is bob $nas/S1 .cause Disconnect
ok "what its access point tells afterwards wakes nothing" acct stop $mac --session-id S1 --user-name bob
ok "key enable" "$MPSKCTL" --quiet key enable bob

on S2
revoked "key edit --expires" S2 EXPIRED key edit bob --expires 2020-01-01
ok "no expiry" "$MPSKCTL" --quiet key edit bob --unset exp

on S3
revoked "key edit --usage macs" S3 WRONG_MAC key edit bob --usage macs --macs 00-00-5e-00-53-02
ok "any device" "$MPSKCTL" --quiet key edit bob --unset usage --unset macs

on S4
revoked "key rotate --now" S4 NO_MATCH key rotate bob --now
key bob psk "a passphrase of bob"

# A change of VLAN: off, and back in the new one.
on S5
ok "key edit --vlan" "$MPSKCTL" --quiet key edit bob --vlan 30
is "key edit --vlan: the device is off" "$(acks S5)" 1
on S6
is "and back in the new VLAN" "$(record bob $nas/S6 .vlan)" 30
ok "kick" "$MPSKCTL" --quiet kick $mac
is "kick: the device is off" "$(acks S6)" 1
on S7

# A device that the key was not claimed for, as one that it is offered to by default.
ok "the start of a device that nobody knows" acct start 00-00-5e-00-53-77 --session-id U1 --user-name bob
ok "is of the key that it names" wait_for 10 record_is bob $nas/U1 .mac 00-00-5e-00-53-77
is "by which passphrase, nobody knows" "$(record bob $nas/U1 .print)" null
ok "maintain leaves it alone" "$MPSKCTL" --quiet maintain
is "it is still on" "$(record bob $nas/U1 .ended)" null
ok "it leaves" acct stop 00-00-5e-00-53-77 --session-id U1 --user-name bob
ok "and is off" wait_for 10 record_is bob $nas/U1 .cause User-Request

# What expires, and what a hand changes, is caught by maintain.
key bob exp $(($(date +%s) - 1))
ok "maintain" "$MPSKCTL" --quiet maintain
is "maintain: the device is off" "$(acks S7)" 1
ok "maintain: it cannot come back" refused_by EXPIRED
key bob exp 0

on S8
revoked "key delete" S8 NO_MATCH key delete bob

lab_done
done_testing
