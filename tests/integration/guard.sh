#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# The guard of the search: a flood of wrong handshakes, repeats, stations
# that do not stop, the line in the log, and the bounds of every option.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

psk="a passphrase of bob"
known=00-00-5e-00-53-01

# How many decisions since lab_mark had each reason: "3 NO_MATCH".
tally()
{
	reasons | sort | uniq -c | awk '{ printf "%s%s %s", sep, $1, $2; sep = ", " }'
}

# flood COUNT NAS: so many wrong handshakes, each of another MAC, beside whatever else is sent.
flood()
{
	echo "nobody's passphrase" > "$lab/nobody"
	"$RADMPSK" --server "$MPSK_RADIUS" --secret-file "$MPSK_SECRET_FILE" --ssid Acme \
		--passphrase-file "$lab/nobody" --bssid "$lab_bssid" --nas-id "$2" --macs random --count "$1" --window 64 \
		> "$lab/flooded" 2>&1
}

# --- Repeats, and a station that does not stop ---

lab_up MPSK_LAB_SET="log_accept = yes
mac_failures = 5
mac_window = 60
mac_pause = 60
$lab_patient"
vector tests/vectors/wpa2-ccmp-min.txt
key other ssid PPSK psk "another passphrase"
key bob ssid Acme psk "$psk"
in_force "a device with its key" "0 MATCHED" Acme "$psk" "$known"

vector_request > "$lab/request"
ask_when_ready "$lab/request"
is "a handshake that no key made" "$(code) $(reason)" "Access-Reject NO_MATCH"
ask "$lab/request"
is "the same one again" "$(code) $(reason)" "Access-Reject NO_MATCH"
like "is answered from memory" "$(lab_log)" 'detail="the same handshake matched no key a moment ago"'
for n in 1 2 3 4 5 6 7 8; do
	ask "$lab/request"
done
is "however often it comes" "$(code) $(reason)" "Access-Reject NO_MATCH"
field_hex right psk "$v_passphrase"
field_hex right ssid "$v_ssid"
let_in()
{
	ask "$lab/request"
	[ "$(code) $(reason)" = "Access-Accept MATCHED" ]
}
ok "until its key is added: it is let in within 3 s" wait_for 3 let_in

lab_mark
join Acme "nobody's passphrase" 00-00-5e-00-53-71 --count 20 --window 1
is "twenty wrong handshakes of one MAC" "$(tally)" "5 NO_MATCH, 15 RATE_LIMITED"
like "the detail names the limit, and for how long" "$(lab_log)" \
	'reason=RATE_LIMITED .* detail="mac_failures: 5 wrong handshakes of this MAC within 60 s; .* in [1-9][0-9]* s'
joins "another MAC is not meant" "1 NO_MATCH" Acme "nobody's passphrase" 00-00-5e-00-53-72
joins "nor is a known device" "0 MATCHED" Acme "$psk" "$known"
like "the log says that a limit acts" "$(cat "$MPSK_LOG")" 'Warning: rlm_mpsk \(mpsk\): 1 handshakes were not searched for'
is "once, for it does so once a minute at most" "$(grep -c 'were not searched for' "$MPSK_LOG")" 1
key carol ssid Acme psk "a passphrase of carol"
in_force "a key that is added ends the pause" "0 MATCHED" Acme "a passphrase of carol" 00-00-5e-00-53-71

# A known device may type wrong passphrases too: with the right one it is let in at once.
join Acme "nobody's passphrase" "$known" --count 20 --window 1
joins "a known device after many failures" "0 MATCHED" Acme "$psk" "$known"
lab_done
rm -rf "$lab"

# --- A flood ---

lab_up MPSK_LAB_SET="log_accept = yes
nas_rate = 50
nas_burst = 100
$lab_patient"
key bob ssid Acme psk "$psk"
in_force "a device with its key" "0 MATCHED" Acme "$psk" "$known"
lab_mark
flood 5000 evil &
flood_pid=$!
for n in 1 2 3 4 5; do
	join Acme "$psk" "$known" --count 200 --window 2
	is "known devices in a flood, $n: none is refused, none lost" \
		"$(sed -n 's/^verdicts *//p' "$lab/joined")" "accepted 200, rejected 0, wrong 0, lost 0"
done
wait "$flood_pid"
lab_before=0
ok "most of the flood was not searched for" [ "$(reasons | grep -c RATE_LIMITED)" -gt 1000 ]
like "for its NAS sent it" "$(lab_log)" 'reason=RATE_LIMITED .* nas=evil .* detail="nas_rate: '
is "and nothing else happened to it" "$(lab_log | grep ' nas=evil ' | grep -vE ' reason=(NO_MATCH|RATE_LIMITED) ')" ""
joins "a new device elsewhere is let in" "0 MATCHED" Acme "$psk" 00-00-5e-00-53-73 --nas-id ap-2
like "the log names the NAS" "$(cat "$MPSK_LOG")" 'were not searched for in the last .* nas_rate.* came through NAS evil'

# After a restart this server has seen nobody, and the store has: so devices that come back are not searched for.
tests/lab radius "$lab" stop
tests/lab radius "$lab" start
wait_loaded
flood 1000 radmpsk
joins "a device of the key after a restart, in the same flood" "0 MATCHED" Acme "$psk" "$known"
lab_done
rm -rf "$lab"

# --- Threads ---

lab_up MPSK_LAB_SET="match_threads = 3
$lab_patient"
perl -e 'for (1 .. 20000) {
	my @f = ("HSET", sprintf("mpsk:key:{k%05u}", $_), "ssid", "Acme", "psk", sprintf("%064x", 1 << 40 | $_));
	print "*", scalar @f, "\r\n", map { "\$" . length($_) . "\r\n$_\r\n" } @f;
}' > "$lab/keys"
rcli --pipe < "$lab/keys" > /dev/null
# The last of them to be read is not the last of their names: all are there when each is found.
held()
{
	join Acme "$(printf '%064x' $((1 << 40 | $1)))" "00-00-5e-00-53-0$2"
}
ok "the first of 20,000 keys, sought by three threads" wait_for 20 held 1 1
ok "one in their middle" wait_for 20 held 10000 2
ok "the last" wait_for 20 held 20000 3
joins "and a wrong one" "1 NO_MATCH" Acme "nobody's passphrase" 00-00-5e-00-53-04
lab_done
rm -rf "$lab"

# --- Bounds ---

# check SET: what the server says of a configuration; its exit status.
check()
{
	rm -rf "$lab"
	mkdir -p "$lab"
	env MPSK_BUILD="${builddir:?}" MPSK_LAB_REDIS=none MPSK_LAB_SET="$1" tests/lab up "$lab" > "$lab.said" 2>&1
	checked=$?
	tests/lab down "$lab" > /dev/null 2>&1
	return $checked
}

# bounds OPTION MIN MAX
bounds()
{
	for value in "$2" "$3"; do
		ok "$1 = $value is taken" check "$1 = $value"
	done
	[ "$2" -eq 0 ] && below=-1 || below=$(($2 - 1))
	for value in "$below" $(($3 + 1)); do
		not_ok "$1 = $value is not" check "$1 = $value"
		like "$1 = $value: the error names the option and what it may be" "$(cat "$lab.said")" \
			"$1 is [0-9]+: set it to $2 to $3 |Invalid value \"-1\" for variable $1,"
	done
}

lab=$(mktemp -d) || bail_out "mktemp failed"
bounds repeat_memory 0 60
bounds mac_failures 0 1000000
bounds mac_window 1 3600
bounds mac_pause 1 3600
bounds nas_rate 0 1000000
bounds nas_burst 1 1000000
bounds server_share 0 100
bounds server_burst 1 3600
bounds long_scans 0 1024
bounds long_waiting 0 1024
bounds long_wait 0 5000
bounds match_threads 1 64
rm -rf "$lab.said"

done_testing
