#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env and vector() set them
#
# What hostapd asked in the Wi-Fi lab (tests/vectors/wifi), octet for octet: with another key of the SSID nobody is let
# in, and with the station's own everybody is.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

vectors=tests/vectors/wifi

form()
{
	sed -n 's/^form=//p' "$1"
}

# SSIDs and passphrases of any octets.
id_of()
{
	echo "$v_ssid-$v_passphrase" | md5sum | cut -c 1-32
}

# send FILE [SECONDS]: its request; the code of the answer, or nothing.
send()
{
	sed -n 's/^request=//p' "$1" | perl -MIO::Socket::INET -e '
		my ($at, $seconds) = @ARGV;
		my $socket = IO::Socket::INET->new(Proto => "udp", PeerAddr => $at) or die "$at: $!";
		chomp(my $request = <STDIN>);
		$socket->send(pack("H*", $request));
		vec(my $bits = "", fileno($socket), 1) = 1;
		exit unless select($bits, undef, undef, $seconds);
		$socket->recv(my $answer, 4096);
		print ord($answer);
	' "$MPSK_RADIUS" "${2:-10}"
}

# decided FILE: code, reason and key of the decision on its request.
decided()
{
	lab_mark
	echo "$(send "$1") $(lab_log | sed -n 's/.* reason=\([A-Z_]*\) .* key=\([^ ]*\) .*/\1 \2/p' | tail -n 1)"
}

in_force_is()
{
	[ "$(decided "$1")" = "$2" ]
}

told_of_malformed()
{
	grep -q 'malformed Access-Requests, which the server dropped before any module saw them: 1\.' "$MPSK_LOG"
}

# All are of the same few devices, and one that was refused is to be looked at again at once.
lab_up MPSK_LAB_SET="log_accept = yes
mac_failures = 0
nas_rate = 0
repeat_memory = 0
$lab_patient"

for file in "$vectors"/*.txt; do
	vector "$file"
	id=$(id_of)
	printf 'not the passphrase of %s\n' "$id" | rcli -x hset "mpsk:key:{other-$id}" psk > /dev/null
	field_hex "other-$id" ssid "$v_ssid"
	echo "$(form "$file") $id $file"
done > "$lab/table"
wait_loaded
for kind in handshake bound malformed; do
	ok "there are requests of the form $kind" grep -q "^$kind " "$lab/table"
done

while read -r kind id file; do
	name=$(basename "$file" .txt)
	case $kind in
	handshake) is "$name: refused with another key" "$(decided "$file")" "3 NO_MATCH -" ;;
	bound)	is "$name: refused, no device is known" "$(decided "$file")" "3 UNKNOWN_MAC -" ;;
	malformed) is "$name: no answer" "$(send "$file" 0.5)" ""
		ok "$name: the log tells of it" wait_for 10 told_of_malformed ;;
	*)	not_ok "$name has a form" true ;;
	esac
done < "$lab/table"

while read -r kind id file; do
	vector "$file"
	field_hex "$id" psk "$v_passphrase"
	field_hex "$id" ssid "$v_ssid"
	[ "$kind" != bound ] || rcli zadd "mpsk:dev:{$id}" "$(date +%s)" "$(mac_of "$v_sta" | tr A-F a-f)" > /dev/null
done < "$lab/table"

while read -r kind id file; do
	name=$(basename "$file" .txt)
	case $kind in
	handshake) ok "$name: let in with its own" wait_for 10 in_force_is "$file" "2 MATCHED $id" ;;
	bound)	ok "$name: let in where its device is known" wait_for 10 in_force_is "$file" "2 BOUND $id" ;;
	esac
done < "$lab/table"

lab_done
done_testing
