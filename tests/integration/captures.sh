#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env and vector() set them
#
# Requests captured from hostapd 2.11, put to the real server.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

# The capture, and what becomes of it. All are of one device: what it held last must never count for a key it does not
# hold now, so the one with the wrong passphrase comes after one that matched on the same SSID.
table="wpa2-ccmp-min			MATCHED
wpa2-wrong			NO_MATCH
wpa2-ap-mac-greater		MATCHED
wpa2-pass-punct			MATCHED
wpa2-random-mac			MATCHED
wpa2-sae-transition-rsnxe	MATCHED
wpa2-ssid-nul			MATCHED
wpa2-tkip			MATCHED
wpa1-tkip			MATCHED
wpa2-akm6-gcmp256		MATCHED
wpa2-akm6-mfp1			MATCHED
ft-psk-short-id			MATCHED"

lab_up MPSK_LAB_SET="log_accept = yes
$lab_patient"
echo "$table" > "$lab/table"

is "every capture is in the table" "$(sed 's/[[:space:]].*//' "$lab/table" | sort)" \
	"$(find tests/vectors -maxdepth 1 -name '*.txt' | sed 's,.*/,,; s/\.txt$//' | sort)"

while read -r name expected; do
	[ "$name" != wpa2-wrong ] || continue
	vector "tests/vectors/$name.txt"
	id=$(echo "$v_ssid-$v_passphrase" | cut -c 1-64)
	field_hex "$id" psk "$v_passphrase"
	field_hex "$id" ssid "$v_ssid"
done < "$lab/table"
wait_loaded

while read -r name expected; do
	vector "tests/vectors/$name.txt"
	vector_request > "$lab/request"
	ask_when_ready "$lab/request"
	is "$name: $expected" "$(reason)" "$expected"
	like "$name: the answer is signed" "$(answered Message-Authenticator)" '^0x[0-9a-f]{32}$'
	if [ "$expected" = MATCHED ]; then
		is "$name: accepted" "$(code)" Access-Accept
		text=$(perl -e 'print pack("H*", shift)' "$v_passphrase" | sed 's/[\\"]/\\&/g')
		is "$name: the answer is its passphrase" "$(answered Tunnel-Password)" "\"$text\""
	else
		is "$name: rejected" "$(code)" Access-Reject
		is "$name: no key leaves" "$(answered Tunnel-Password)" ""
	fi
done < "$lab/table"

lab_done
done_testing
