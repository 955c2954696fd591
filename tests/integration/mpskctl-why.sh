#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# mpskctl why: what the servers decided of a device, in plain words, and what
# the store says of it. The decisions are a real server's.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

MPSKCTL=${MPSKCTL:-${builddir:-.}/mpskctl/mpskctl}
one=00-00-5e-00-53-01

ctl()
{
	"$MPSKCTL" "$@" --redis "unix://$MPSK_REDIS_SOCKET"
}

# why DEVICE OPTION...: leaves output, error and exit code in $out, $err and $code.
why()
{
	code=0
	out=$(ctl why "$@" 2>"$lab/err") || code=$?
	err=$(cat "$lab/err")
}

json()
{
	printf '%s\n' "$out" | jq -e "$1" >/dev/null
}

# The newest decision of a device is of this reason.
newest()
{
	[ "$(ctl why "$1" --last 1 --json | jq -r '.decisions[0].reason')" = "$2" ]
}

# decided DEVICE PASSPHRASE REASON: the device comes, and in the end that is what is told of it.
comes()
{
	join Acme "$2" "$1"
	newest "$1" "$3"
}

decided()
{
	ok "$3 is told of $1" wait_for 20 comes "$1" "$2" "$3"
}

lab_up MPSK_LAB_SET="log_decisions = all
claim_fresh = 0
$lab_patient"
key bob ssid Acme psk 'passphrase of bob' name 'Bob B.' org acme max 1 vlan 20
key off ssid Acme psk 'passphrase of off' enabled 0
key old ssid Acme psk 'passphrase of old' exp 1700000000
key soon ssid Acme psk 'passphrase of soon' nbf 4000000000
key list ssid Acme psk 'passphrase of list' usage macs macs 00-00-5e-00-53-77
wait_loaded

#
# --- What was decided ---
#
decided $one 'passphrase of bob' MATCHED
decided 00-00-5e-00-53-02 'passphrase of bob' CAP_REACHED
decided 00-00-5e-00-53-03 'passphrase of nobody' NO_MATCH
decided 00-00-5e-00-53-04 'passphrase of off' DISABLED
decided 00-00-5e-00-53-05 'passphrase of old' EXPIRED
decided 00-00-5e-00-53-06 'passphrase of soon' NOT_YET
decided 00-00-5e-00-53-07 'passphrase of list' WRONG_MAC

why $one --last 1
is "a device that is on: exit" "$code" 0
like "it was let on, with which key and where" "$out" \
	'^20[0-9: -]+  let on with key bob \(Bob B\.\), VLAN 20, on Acme at [^ ]+.*: MATCHED$'
like "and what that means" "$out" '^    It has the passphrase of this key\.$'
like "the store has it as a device" "$out" '^  key bob \(Bob B\.\), SSID Acme, VLAN 20: enabled, 1 of 1 devices, this one among them, last seen 20'
like "and would let it on" "$out" '^    It would let the device on'
why 00-00-5e-00-53-02 --last 1
like "a key that is full" "$out" '^20[0-9: -]+  refused with key bob \(Bob B\.\) on Acme at [^ ]+.*: CAP_REACHED$'
like "and how full it is" "$out" '^    The key has as many devices as it may, and this one is new to it\. \(1 of 1 devices\)$'
like "and what helps" "$out" '^    -> .mpskctl device list bob. lists them.* .mpskctl key edit bob --max N. '
like "the store says the same, and what helps stands above" "$out" '^    It would refuse the device: CAP_REACHED$'
is "what helps stands there once" "$(printf '%s\n' "$out" | grep -c ' makes room')" 1
why 00-00-5e-00-53-02 --last 1 --json
is "--json: exit" "$code" 0
ok "--json: the decision" json '.mac == "00-00-5e-00-53-02" and .local == false and (.decisions | length) == 1 and
	(.decisions[0] | .decision == "reject" and .reason == "CAP_REACHED" and .key == "bob" and .name == "Bob B." and
	.org == "acme" and .ssid == "Acme" and (.nas | length) > 0 and .detail == "1 of 1 devices" and (now - .time) < 600 and
	(.text | startswith("The key has as many")) and (.cure | contains("key edit bob --max")))'
ok "--json: the key" json '.keys | length == 1 and (.[0] | .id == "bob" and .state == "enabled" and .devices == 1 and
	.max == 1 and .device == false and .last_seen == null and .session == null and .reason == "CAP_REACHED")'
for row in 04:DISABLED 05:EXPIRED 06:NOT_YET 07:WRONG_MAC; do
	why 00-00-5e-00-53-${row%:*} --last 1 --json
	ok "${row#*:}: the store says the same" json ".decisions[0].reason == \"${row#*:}\" and .keys[0].reason == \"${row#*:}\""
done
why 00-00-5e-00-53-03
like "a wrong passphrase" "$out" '^20[0-9: -]+  refused on Acme at [^ ]+.*: NO_MATCH$'
like "a wrong passphrase: no key has the device" "$out" '^  It is a device of no key, and no key lists it\.$'
unlike "no passphrase is told" "$out" 'passphrase of (bob|nobody)'
ctl key edit old --expires +1d --quiet
why 00-00-5e-00-53-05 --json
ok "what was cured since is not said of the store" json '.decisions[-1].reason == "EXPIRED" and .keys[0].reason == null and
	.keys[0].text == null'
ctl key delete off --quiet
why 00-00-5e-00-53-04 --json
ok "a key that is gone" json '.keys[0].state == "gone" and .keys[0].reason == "GONE"'

# By MAC alone.
cat >"$lab/by-mac" <<END
User-Name = "00-00-5e-00-53-08"
User-Password = "00-00-5e-00-53-08"
NAS-Identifier = "ap-1"
Called-Station-Id = "$lab_bssid:Acme"
Calling-Station-Id = "00-00-5e-00-53-08"
Message-Authenticator = 0x00
END
ask "$lab/by-mac"
ok "UNKNOWN_MAC is told" wait_for 20 newest 00-00-5e-00-53-08 UNKNOWN_MAC
why 00-00-5e-00-53-08
like "UNKNOWN_MAC: what helps" "$out" '^    -> .mpskctl device add ID 00-00-5e-00-53-08. '

#
# --- What is asked for ---
#
for mac in 00:00:5E:00:53:01 00005e005301 0000.5e00.5301 0000-5E00-5301 00.00.5e.00.53.01; do
	why $mac --last 1 --json
	is "the MAC as $mac" "$code $(printf '%s\n' "$out" | jq -r .mac)" "0 $one"
done
decided $one 'passphrase of nobody' NO_MATCH
why $one --json
ok "several decisions come in their order" json '[.decisions[].reason] | .[0] == "MATCHED" and .[-1] == "NO_MATCH"'
ok "several decisions come in their order: times" json '[.decisions[].time] | . == sort'
why $one --last 1 --json
ok "--last is the newest" json '[.decisions[].reason] == ["NO_MATCH"]'
why $one --since 4000000000 --json
is "--since: nothing is that new, but the store knows the device" "$code $(printf '%s\n' "$out" | jq -c .decisions)" "0 []"
why $one --since 1h --json
ok "--since: all of them" json '.decisions | length >= 2'

#
# --- Where nothing was noted ---
#
why 02-00-5e-00-53-99
is "nobody knows it: exit" "$code" 1
like "nobody knows it: its MAC is a random one" "$out" '^device 02-00-5e-00-53-99, a random MAC'
like "nobody knows it: no decision" "$out" '^No decision about it is noted: the servers note refusals'
like "nobody knows it: no key" "$out" '^  It is a device of no key'
why 02-00-5e-00-53-99 --json
ok "nobody knows it, --json" json '.decisions == [] and .keys == [] and .local'
now=$(date +%s)
rcli zadd 'mpsk:dev:{soon}' "$now" 00-00-5e-00-53-77 >/dev/null
rcli hset 'mpsk:sess:{soon}' ap-9/1 "{\"mac\":\"00-00-5e-00-53-77\",\"ssid\":\"Acme\",\"since\":$now,\"seen\":$now}" >/dev/null
key bad psk correct-horse max inf
rcli zadd 'mpsk:dev:{bad}' 0 00-00-5e-00-53-77 >/dev/null
why 00-00-5e-00-53-77
is "the store alone knows it: exit" "$code" 0
like "one key has it, and is not valid yet" "$out" '^  key soon.*: not yet, 1 devices, this one among them.*
    It is on the network with it, at ap-9 since 20.*
    It would refuse the device: NOT_YET$'
like "one lists it" "$out" '^  key list.*: enabled, 0 devices, this one not among them, listed in macs$'
like "one is malformed" "$out" '^  key bad: malformed.*
.*max.*
    It would refuse the device: MALFORMED$'
why 00-00-5e-00-53-77 --tsv
is "--tsv" "$code $(printf '%s\n' "$out" | head -n 1)" "0 mac	local	decisions	keys"
why 00-00-5e-00-53-77 --quiet
is "--quiet" "$code $out" "0 "

#
# --- What is wrong ---
#
why nobody
is "no MAC: exit" "$code $out" "2 "
like "no MAC: said" "$err" "MAC: expected twelve hex digits"
why
is "no operand" "$code" 64
why $one $one
is "two operands" "$code" 64
why $one --last 0
is "--last 0" "$code" 2
why $one --since yesterday
is "--since yesterday" "$code" 2

lab_done
done_testing
