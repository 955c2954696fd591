#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# Accounting of every dialect becomes sessions of the right key; what comes
# late, twice, of nobody's device or while Redis is away does no harm.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh
. tests/integration/sessions.sh

command -v jq > /dev/null || bail_out "jq is not installed: run build-aux/install-packages --test"
lab_up MPSK_LAB_SET="log_accept = yes
interim_interval = 300
session_stale = 900
$lab_patient"
nas=radmpsk
key bob ssid Acme psk "a passphrase of bob" vlan 20 role staff name Bob concurrent 5
key ann ssid Acme psk "a passphrase of ann"
rcli hset mpsk:cfg:nas:$nas site north > /dev/null
wait_loaded
now=$(date +%s)

# --- A session from its start to its end ---
in_force "a device joins" "0 MATCHED" Acme "a passphrase of bob" 00-00-5e-00-53-01
ok "its start is answered" acct start 00-00-5e-00-53-01 --session-id 'A/\xff"1' --user-name Bob --ago 300
field=$nas/'A/\xff\x221'
ok "and kept" wait_for 10 record_is bob "$field" .mac 00-00-5e-00-53-01
is "with what is known of it" "$(record bob "$field" '[.bssid, .ssid, .site, .address, .name, .vlan, .role] | join(" ")')" \
	"$lab_bssid Acme north 127.0.0.1 Bob 20 staff"
is "and the fingerprint of its key" "$(record bob "$field" .print)" \
	"$(printf 'a passphrase of bob' | sha1sum | cut -d ' ' -f 1)"
is "the pointer to its key" "$(rcli hget mpsk:nas:$nas 'A/\xff\x221')" bob
ok "its time is the access point's" [ "$(record bob "$field" .since)" -le $((now - 295)) ]
like "it has a place" "$(rcli zscore 'mpsk:live:{bob}' 00-00-5e-00-53-01)" '^[0-9]+$'
key bob vlan 30 role guest
ok "an interim is answered" acct interim 00-00-5e-00-53-01 --session-id 'A/\xff"1' --in 5 --out 6000000000 \
	--session-time 100 --ago 200
ok "and counted, past 32 bits" wait_for 10 record_is bob "$field" .out 6000000000
is "the VLAN and role are still those of the session" "$(record bob "$field" '[.vlan, .role] | join(" ")')" "20 staff"
ok "a stop is answered" acct stop 00-00-5e-00-53-01 --session-id 'A/\xff"1' --in 7 --out 6000000001 \
	--session-time 200 --ago 100
ok "and ends it" wait_for 10 record_is bob "$field" .cause User-Request
is "its place is free" "$(rcli zscore 'mpsk:live:{bob}' 00-00-5e-00-53-01)" ""
ended=$(record bob "$field" .ended)
acct interim 00-00-5e-00-53-01 --session-id 'A/\xff"1' --in 6 --session-time 150 --ago 150
acct start 00-00-5e-00-53-01 --session-id 'A/\xff"1' --ago 300
acct start 00-00-5e-00-53-01 --session-id last
ok "what comes late wakes nothing" wait_for 10 record_is bob "$nas/last" .mac 00-00-5e-00-53-01
is "and takes nothing away" "$(record bob "$field" '[.ended, .in] | join(" ")')" "$ended 7"

# --- Whose session it is ---
acct start 00-00-5e-00-53-09 --session-id named --user-name ann
ok "a device that nobody knows is of the key that the packet names" wait_for 10 record_is ann $nas/named .name ann
rcli hset 'mpsk:mac:{00-00-5e-00-53-0a}' Acme bob > /dev/null
acct start 00-00-5e-00-53-0a --session-id hinted --user-name ann
ok "the hint in Redis comes first" wait_for 10 record_is bob $nas/hinted .mac 00-00-5e-00-53-0a
rcli zrem 'mpsk:dev:{bob}' 00-00-5e-00-53-01 > /dev/null
acct stop 00-00-5e-00-53-01 --session-id last
ok "a device that was forgotten ends its session" wait_for 10 record_is bob $nas/last .cause User-Request
is "and is none of the key's again" "$(rcli zscore 'mpsk:dev:{bob}' 00-00-5e-00-53-01)" ""
keys=$(rcli hlen mpsk:nas:$nas)
ok "accounting of nobody's device is answered" acct start 00-00-5e-00-53-0f --session-id nobody
acct start 00-00-5e-00-53-09 --session-id after --user-name ann
ok "the next one is kept" wait_for 10 record_is ann $nas/after .name ann
is "nobody's is not" "$(rcli hlen mpsk:nas:$nas)" $((keys + 1))

# --- An access point starts anew ---
acct start 00-00-5e-00-53-09 --session-id before --user-name ann --ago 60
ok "a session" wait_for 10 record_is ann $nas/before .name ann
ok "accounting-on is answered" acct on 00-00-5e-00-53-09 --ago 30
ok "and ends it" wait_for 10 record_is ann $nas/before .cause Accounting-On-Off
is "but none that began since" "$(record ann $nas/after .ended)" null
acct interim 00-00-5e-00-53-09 --session-id lost --user-name ann --ago 60 --session-time 5
ok "one of before that is told of later is over" wait_for 10 record_is ann $nas/lost .cause Accounting-On-Off

# --- Every dialect ---
# The server learns of a device that a hand writes a moment later.
started()
{
	acct start "$1" --dialect "$dialect" --nas-id "ap-$dialect" &&
		wait_for 1 record_is ann "ap-$dialect/$1" .ssid Acme
}
n=32
for dialect in hostapd generic ruckus cisco meraki aruba mist fortinet unifi omada mikrotik huawei lancom; do
	n=$((n + 1))
	mac=$(printf '00-00-5e-00-53-%02x' $n)
	rcli zadd 'mpsk:dev:{ann}' 1000 "$mac" > /dev/null
	ok "$dialect: kept" wait_for 10 started "$mac"
	acct stop "$mac" --dialect $dialect --nas-id "ap-$dialect" --in 12
	ok "$dialect: ended" wait_for 10 record_is ann "ap-$dialect/$mac" '[.cause, .in, .bssid] | join(" ")' \
		"User-Request 12 $lab_bssid"
done
ok "accounting makes a device seen" [ "$(rcli zscore 'mpsk:dev:{ann}' 00-00-5e-00-53-21)" -gt 1000 ]

# --- How often it is told ---
interval()
{
	printf 'User-Name = "%s", Called-Station-Id = "%s:Acme", NAS-Identifier = "%s"\n' 00005e005321 "$lab_bssid" "$1" \
		> "$lab/request"
	ask "$lab/request"
	answered Acct-Interim-Interval
}
interval_is()
{
	[ "$(interval $nas)" = "$1" ]
}
is "an accept says how often" "$(interval $nas)" 300
rcli hset mpsk:cfg:nas:$nas interim_interval 600 > /dev/null
ok "an access point has its own interval" wait_for 10 interval_is 600
rcli hset mpsk:cfg:nas:$nas interim_interval 0 > /dev/null
ok "or none" wait_for 10 interval_is ""
warned()
{
	lab_log | grep -q 'interim_interval: neither 0 nor 60'
}
lab_mark
rcli hset mpsk:cfg:nas:$nas interim_interval 59 > /dev/null
ok "one that is too short is refused" wait_for 10 warned

# --- Shuffled, with duplicates, and Redis hangs meanwhile ---
key crowd ssid Acme psk "a passphrase of a crowd" concurrent 1000
i=0
while [ $i -lt 100 ]; do
	printf 'zadd mpsk:dev:{crowd} 1000 00-00-5e-00-54-%02x\n' $i
	i=$((i + 1))
done | rcli > /dev/null
crowd_known()
{
	acct start 00-00-5e-00-54-63 --nas-id probe --session-id p && wait_for 1 record_is crowd probe/p .ssid Acme
}
wait_for 20 crowd_known || bail_out "the server did not learn of the devices"
rcli del 'mpsk:sess:{crowd}' 'mpsk:live:{crowd}' mpsk:nas:probe > /dev/null
acct load 00-00-5e-00-54-00 --nas-id crowd --count 1000 --macs 100 --rate 2000 --timeout 30 --model "$lab/model" --json &
load_pid=$!
sleep 0.7
kill -STOP "$MPSK_REDIS_PID"
sleep 1.5
kill -CONT "$MPSK_REDIS_PID"
ok "every packet of a load is answered" wait "$load_pid"
diag "$(cat "$lab/acct")"
sessions_end "and every session ends as it has to" 60 "$lab/model"
is "each place is that of an open session" "$(rcli zcard 'mpsk:live:{crowd}')" \
	"$(awk -F '\t' '$5 == 0 { print $2 }' "$lab/model" | sort -u | wc -l)"

lab_done
done_testing
