#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # $f is Perl's; DIR/env and vector() set the others
#
# What no access point and no administrator should send or write: each thing
# is refused with its reason, alone, and the server goes on.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

# Every frame is to be looked at, however many there are of one MAC.
lab_up MPSK_LAB_SET="log_accept = yes
mac_failures = 0
nas_rate = 0
$lab_patient"
vector tests/vectors/wpa2-ccmp-min.txt
field_hex good psk "$v_passphrase"
field_hex good ssid "$v_ssid"
wait_loaded
vector_request > "$lab/good"

good_still_works()
{
	ask_when_ready "$lab/good"
	is "$1, a good request is answered" "$(code) $(reason)" "Access-Accept MATCHED"
}
good_still_works "at first"

# --- Attributes ---

# bad NAME REASON SED_SCRIPT: the good request, changed.
bad()
{
	sed "$3" "$lab/good" > "$lab/request"
	ask "$lab/request"
	is "$1: $2" "$(code) $(reason)" "Access-Reject $2"
}

a=FreeRADIUS-802.1X-Anonce
k=FreeRADIUS-802.1X-EAPoL-Key-Msg
long=$(printf '%0600d' 0)
bad "ANonce of 31 octets" BAD_FRAME "s/^\($a = 0x\)../\1/"
bad "ANonce of 33 octets" BAD_FRAME "s/^\($a = 0x\)/\100/"
bad "ANonce of 1 octet" BAD_FRAME "s/^\($a\) .*/\1 = 0x00/"
bad "ANonce missing" BAD_FRAME "/^$a/d"
bad "ANonce twice" BAD_FRAME "/^$a/p"
bad "another ANonce" NO_MATCH "s/^\($a = 0x\)../\100/"
bad "frame missing" BAD_FRAME "/^$k/d"
bad "frame twice" BAD_FRAME "/^$k/p"
bad "frame of 1 octet" BAD_FRAME "s/^\($k\) .*/\1 = 0x01/"
bad "frame one octet short" BAD_FRAME "s/^\($k = .*\)..$/\1/"
bad "frame one octet long" BAD_FRAME "s/^\($k = .*\)$/\100/"
bad "frame of 421 octets" BAD_FRAME "s/^\($k = .*\)$/\1$long/"
bad "frame of zeros" BAD_FRAME "s/^\($k\) .*/\1 = 0x$long/"
bad "Called-Station-Id missing" BAD_FRAME "/^Attr-30/d"
bad "Called-Station-Id of 1 octet" BAD_FRAME "s/^Attr-30.*/Attr-30 = 0x00/"
bad "Called-Station-Id without SSID" BAD_FRAME 's/^Attr-30.*/Called-Station-Id = "02-00-00-00-00-00"/'
bad "Called-Station-Id that is no MAC" BAD_FRAME 's/^Attr-30.*/Called-Station-Id = "PPSK"/'
bad "an SSID of 33 octets" BAD_FRAME 's/^Attr-30.*/Called-Station-Id = "02-00-00-00-00-00:123456789012345678901234567890123"/'
bad "another SSID" NO_MATCH 's/^Attr-30.*/Called-Station-Id = "02-00-00-00-00-00:PPSL"/'
bad "another BSSID" NO_MATCH 's/^Attr-30.*/Called-Station-Id = "02-00-00-00-00-01:PPSK"/'
bad "no MAC anywhere" BAD_FRAME 's/^User-Name.*/User-Name = "bob"/; s/^Calling-Station-Id.*/Calling-Station-Id = "02-00-00-00-01"/'
bad "another MAC" NO_MATCH 's/^Calling-Station-Id.*/Calling-Station-Id = "02-00-00-00-01-01"/'
good_still_works "after bad attributes"

# --- Frames ---

# storm NAME PERL: every frame that PERL prints, hex, one a line, in place of the good one. None may be accepted.
storm()
{
	perl -e "\$f = pack('H*', shift); $2" "$v_eapol" > "$lab/frames"
	rm -f "$lab/requests"
	while read -r frame; do
		sed "s/^\($k = 0x\).*/\1$frame/" "$lab/good"
		echo
	done < "$lab/frames" > "$lab/requests"
	lab_mark
	# Its complaints go elsewhere: they would stand in the middle of its answers.
	"$RADCLIENT" -x -p 32 -r 5 -t 2 -f "$lab/requests" "$MPSK_RADIUS" auth "$MPSK_SECRET" \
		> "$lab/answer" 2> "$lab/complaints"
	sent=$(wc -l < "$lab/frames")
	is "$1: each is refused" \
		"$(sed -n 's/^Received \(Access-[A-Za-z]*\) .*/\1/p' "$lab/answer" | sort | uniq -c | awk '{ print $1, $2 }')" \
		"$sent Access-Reject"
	is "$1: each for the frame's sake" "$(reasons | sort -u | grep -vE '^(BAD_FRAME|NO_MATCH|UNSUPPORTED_AKM)$')" ""
	is "$1: each is logged" "$(reasons | wc -l | tr -d ' ')" "$sent"
}

storm "every truncation" 'print unpack("H*", substr($f, 0, $_)), "\n" for 1 .. length($f) - 1'
storm "every bit flipped" 'for (0 .. 8 * length($f) - 1) { my $g = $f; vec($g, $_, 1) ^= 1; print unpack("H*", $g), "\n" }'
storm "every octet 0xff" 'for (0 .. length($f) - 1) { my $g = $f; next if substr($g, $_, 1) eq "\xff";
	substr($g, $_, 1) = "\xff"; print unpack("H*", $g), "\n" }'
good_still_works "after bad frames"

# --- Redis ---

# The server says of a key what is wrong with it, naming the field, within a second; and does not take it.
refused()
{
	lab_log | grep -F "$1" | grep -qF "$2"
}

# spoilt NAME FIELD VALUE: a key that would match, but for that one field.
spoilt()
{
	lab_mark
	key "spoilt-$1" ssid spoilt psk "spoilt passphrase" "$2" "$3"
	ok "$1: the log names the key and the field $2" wait_for 3 refused "spoilt-$1" "$2"
}

nines=$(printf '%0400d' 0 | tr 0 9)
spoilt max-word max inf
spoilt max-negative max -1
spoilt max-fraction max 1.5
spoilt max-400-digits max "$nines"
spoilt vlan-4095 vlan 4095
spoilt vlan-word vlan guest
spoilt exp-date exp 2027-01-31
spoilt enabled-word enabled true
spoilt usage-word usage many
spoilt psk-short psk short
spoilt psk-64-no-hex psk "$(printf '%064d' 0 | tr 0 g)"
spoilt psk-65 psk "$(printf '%065d' 0)"
spoilt ssid-33 ssid "$(printf '%033d' 0)"
spoilt idle-word idle never

lab_mark
rcli set 'mpsk:key:{string}' "no hash" > /dev/null
ok "a string where a key should be: the log names it" wait_for 3 refused string mpsk:key
rcli rpush 'mpsk:key:{list}' "no hash" > /dev/null
ok "a list where a key should be: the log names it" wait_for 3 refused list mpsk:key
key nopsk ssid spoilt max 3
ok "a key without psk: the log names it" wait_for 3 refused nopsk psk
good_still_works "after bad keys"

vector tests/vectors/wpa2-tkip.txt
field_hex devices psk "$v_passphrase"
field_hex devices ssid "$v_ssid"
rcli set 'mpsk:dev:{devices}' "no sorted set" > /dev/null
vector_request > "$lab/request"
ask_when_ready "$lab/request"
is "a string where a key's devices should be: rejected" "$(code)" Access-Reject
like "a string where a key's devices should be: the log names it" "$(lab_log)" 'key=devices .*mpsk:dev'
good_still_works "after bad devices"

rcli set mpsk:cfg:nas:ap-1 "no hash" > /dev/null
good_still_works "with a NAS entry of a wrong type"
rcli del mpsk:cfg:nas:ap-1 > /dev/null

lab_done
done_testing
