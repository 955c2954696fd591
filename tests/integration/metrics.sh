#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# What a server counts is what was done; it tells the same by HTTP and
# through Redis; and whoever comes by HTTP, RADIUS goes on.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh
. tests/integration/sessions.sh

http()
{
	python3 tests/integration/web.py "$@"
}

ctl()
{
	"$MPSKCTL" --redis "unix://$MPSK_REDIS_SOCKET" "$@"
}

# Take the page as it is now: what value and sum look at.
page()
{
	http get "$port" /metrics > "$lab/page" 2>"$lab/page.err"
}

# value SERIES, without its first label: the value on the page.
value()
{
	case $1 in
	*'{'*)	series=${1%%"{"*}'{server="lab/1",'${1#*"{"} ;;
	*)	series=$1'{server="lab/1"}' ;;
	esac
	# What was never counted has no line.
	awk -v series="$series" '$1 == series { print $2; found = 1 } END { if (!found) print 0 }' "$lab/page"
}

# value_is SERIES VALUE: on a new page.
value_is()
{
	page
	[ "$(value "$1")" = "$2" ]
}

# sum METRIC: of all its series.
sum()
{
	awk -v metric="$1{" 'index($1, metric) == 1 { sum += $2 } END { print sum + 0 }' "$lab/page"
}

port=$(http port) || bail_out "python3 is missing: run build-aux/install-packages --test"
lab_up MPSK_LAB_SET="log_accept = yes
metrics_listen = \"127.0.0.1:$port\"
metrics_name = \"lab/1\"
session_stale = 900
$lab_patient"
key bob ssid Acme psk "a passphrase of bob" max 2
wait_loaded
page
unknown=$(value 'mpsk_requests_total{dialect="generic",reason="UNKNOWN_MAC"}')

# --- What was done is what is counted ---
in_force "a device joins" "0 MATCHED" Acme "a passphrase of bob" 00-00-5e-00-53-01
page
before=$(sum mpsk_requests_total)
rejected=$(value 'mpsk_answers_total{code="Access-Reject"}')
claims=$(sum mpsk_claims_total)
wrong=$(value 'mpsk_requests_total{dialect="hostapd",reason="NO_MATCH"}')
for mac in 02 03 04; do
	join Acme "a passphrase of bob" 00-00-5e-00-53-$mac
done
for mac in 05 06 07 08 09; do
	join Acme "nobody's passphrase" 00-00-5e-00-53-$mac
done
joins "the last of them" "1 NO_MATCH" Acme "nobody's passphrase" 00-00-5e-00-53-0a
page
is "requests" "$(sum mpsk_requests_total)" $((before + 9))
is "those that matched" "$(value 'mpsk_requests_total{dialect="hostapd",reason="MATCHED"}')" 2
is "at the cap" "$(value 'mpsk_requests_total{dialect="hostapd",reason="CAP_REACHED"}')" 2
is "wrong ones" "$(value 'mpsk_requests_total{dialect="hostapd",reason="NO_MATCH"}')" $((wrong + 6))
is "by MAC alone" "$(value 'mpsk_requests_total{dialect="generic",reason="UNKNOWN_MAC"}')" "$unknown"
is "accepts" "$(value 'mpsk_answers_total{code="Access-Accept"}')" 2
is "rejects" "$(value 'mpsk_answers_total{code="Access-Reject"}')" $((rejected + 8))
is "every request was timed" "$(value mpsk_answer_seconds_count)" "$(sum mpsk_requests_total)"
is "claims" "$(sum mpsk_claims_total)" $((claims + 3))
is "of them granted" "$(value 'mpsk_claims_total{result="OK"}')" 2
is "and every claim was timed" "$(value mpsk_claim_seconds_count)" "$(sum mpsk_claims_total)"
ok "searches were timed" [ "$(value mpsk_scan_seconds_count)" -ge 6 ]
is "keys in memory" "$(value mpsk_index_keys)" 1
ok "devices in memory" wait_for 10 value_is mpsk_index_devices 2
ok "and they take some" [ "$(value mpsk_index_bytes)" -gt 1000 ]
is "Redis is there" "$(value 'mpsk_store_state{state="healthy"}')" 1

# --- Accounting ---
acct start 00-00-5e-00-53-01 --session-id a
acct start 00-00-5e-00-53-02 --session-id b
acct interim 00-00-5e-00-53-01 --session-id a
page
is "sessions that are open" "$(value mpsk_sessions_open)" 2
acct stop 00-00-5e-00-53-02 --session-id b
acct on 00-00-5e-00-53-02
page
is "and after one has ended" "$(value mpsk_sessions_open)" 1
is "events" "$(for event in start interim stop restart other; do value "mpsk_accounting_total{event=\"$event\"}"; done | xargs)" \
	"2 1 1 1 0"
ok "all of it was written" wait_for 10 value_is mpsk_outbox_sessions_waiting 0

# --- A flood, by many threads ---
page
before=$(sum mpsk_requests_total)
"$RADMPSK" --server "$MPSK_RADIUS" --secret-file "$MPSK_SECRET_FILE" --ssid Acme --passphrase-file "$lab/passphrase" \
	--bssid "$lab_bssid" --macs random --count 500 --window 32 > "$lab/flooded" 2>&1
page
is "of 500 requests none is lost" "$(sum mpsk_requests_total)" $((before + 500))

# --- The same in Redis ---
figures()
{
	grep -vE '^(mpsk_figures_time_seconds|mpsk_outbox_lines_)' "$1"
}
same()
{
	page
	ctl metrics > "$lab/stored" && figures "$lab/page" > "$lab/a" && figures "$lab/stored" > "$lab/b" && cmp -s "$lab/a" "$lab/b"
}
if wait_for 25 same; then
	pass "what stands in Redis is the same"
else
	fail "what stands in Redis is the same" "$(diff "$lab/a" "$lab/b" | head -n 10)"
fi
is "as JSON too" "$(ctl metrics --json | jq -c '.[] | select(.metric == "mpsk_answers_total" and .labels.code == "Access-Accept") |
	[.server, .type, .value]')" '["lab/1","counter",2]'
is "and TSV" "$(ctl metrics --tsv | awk -F '\t' '$2 == "mpsk_index_keys" { print $1, $3, $5 }')" "lab/1 gauge 1"
is "top knows it" "$(ctl top --once --since-start --json | jq -c '.[] | [.server, .state, .clients, .keys, .devices]')" \
	'["lab/1","healthy",1,1,2]'
is "and how much it was" "$(ctl top --once --since-start --json | jq '.[] | .requests_per_s * .over_s | round')" \
	"$(sum mpsk_requests_total)"
ctl top > /dev/null 2>&1
is "top without --once is for a terminal" $? 64
TERM=xterm timeout 3 script -qc "'$MPSKCTL' --redis 'unix://$MPSK_REDIS_SOCKET' top" /dev/null > "$lab/screen" 2>&1
like "where it shows the servers" "$(tr -d '\r\033' < "$lab/screen")" '^lab/1 +healthy '

# --- Whoever comes by HTTP ---
is "another page" "$(http code "$port" GET /)" 404
is "another method" "$(http code "$port" POST /metrics)" 405
is "HEAD is one" "$(http code "$port" HEAD /metrics)" 405
ctl top --once --json > "$lab/top" &
measured=$!
http dribble "$port" > "$lab/dribble" &
dribbling=$!
ok "garbage" http garbage "$port"
# The first to come are served: those who are held out come again.
served()
{
	page && [ -s "$lab/page" ]
}
ok "after it the page is there" wait_for 20 served
http hold "$port" 60 > "$lab/hold" 2>&1 &
holding=$!
ok "many connections at a time" wait_for 20 grep -q held "$lab/hold"
joins "keep no device off" "0 MATCHED" Acme "a passphrase of bob" 00-00-5e-00-53-01
kill $holding
wait $holding 2>/dev/null
ok "once they are gone the page is there" wait_for 20 served
wait $dribbling
ok "an octet now and then holds a connection for seconds: $(cat "$lab/dribble")" [ "$(cat "$lab/dribble")" -le 40 ]
wait $measured
like "top --once measured between two writes" "$(jq -r '.[0].over_s' "$lab/top")" '^(9|1[0-9])$'

# --- The rights that the how-to gives the server's user ---
acl=$(sed -n 's/^ *user mpsk on >PASSWORD //p' docs/how-to/redis-standalone.md)
rcli config set save '' > /dev/null
# shellcheck disable=SC2086 # words
rcli acl setuser default nopass $acl +acl > /dev/null
rcli expire mpsk:stat:lab/1 0 > /dev/null
written()
{
	ctl metrics > /dev/null 2>&1
}
ok "are enough to write the figures, and to read them" wait_for 25 written
rcli acl setuser default +@all '~*' '&*' > /dev/null

# --- Redis goes, and a server is started anew ---
tests/lab redis "$lab" stop
ok "that Redis is away shows" wait_for 20 value_is 'mpsk_store_state{state="absent"}' 1
ok "and for how long" [ "$(value mpsk_index_age_seconds)" -ge 0 ]
tests/lab redis "$lab" start
ok "and that it is back" wait_for 20 value_is 'mpsk_store_state{state="healthy"}' 1
tests/lab radius "$lab" stop
tests/lab radius "$lab" start
# shellcheck source=/dev/null
. "$lab/env"
wait_loaded
page
is "a server that was started anew counts from 0" "$(value 'mpsk_answers_total{code="Access-Accept"}')" 0
anew()
{
	[ "$(ctl metrics --json | jq '.[] | select(.metric == "mpsk_answers_total" and .labels.code == "Access-Accept").value')" = 0 ]
}
ok "in Redis too" wait_for 25 anew
is "where nothing of before is left" "$(rcli hget mpsk:stat:lab/1 'mpsk_requests_total{dialect="hostapd",reason="CAP_REACHED"}')" ""

lab_done

# --- What cannot be listened at ---
# refused_start VALUE TEXT
refused_start()
{
	rm -rf "$lab"
	mkdir -p "$lab"
	env MPSK_BUILD="${builddir:?}" MPSK_LAB_REDIS=none MPSK_LAB_SET="$1" tests/lab up "$lab" > "$lab.said" 2>&1
	refused_status=$?
	tests/lab down "$lab" > /dev/null 2>&1
	ok "$1 is not taken" [ $refused_status -ne 0 ]
	like "and said" "$(cat "$lab.said")" "$2"
	rm -f "$lab.said"
}
for at in nonsense 127.0.0.1:65536 localhost:9812; do
	refused_start "metrics_listen = \"$at\"" 'metrics_listen = .*give an address and a port'
done
refused_start 'metrics_listen = "192.0.2.1:9812"' 'metrics_listen = .*cannot listen there: Cannot assign'
refused_start 'metrics_name = "a b"' 'metrics_name: give 1 to 128 of'

done_testing
