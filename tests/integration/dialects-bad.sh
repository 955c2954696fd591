#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # $INCLUDE is the dictionary's; DIR/env and vector() set the others
#
# What no access point should send, in each dialect: refused, with a reason
# that names the attribute; and never taken for a request without handshake.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

lab_up MPSK_LAB_SET="log_accept = yes
$lab_patient"
root=$(pwd)
vector tests/vectors/wpa2-ccmp-min.txt
field_hex good psk "$v_passphrase"
field_hex good ssid "$v_ssid"
key good macs "$(mac_of "$v_sta")"

# radclient with the dictionary that is installed beside the sample configuration; the server with it too.
mkdir "$lab/dictionary"
printf '$INCLUDE /usr/share/freeradius/dictionary\n$INCLUDE %s/raddb/dictionary.mpsk\n' "$root" \
	> "$lab/dictionary/dictionary"
printf '$INCLUDE %s/raddb/dictionary.mpsk\n' "$root" > "$lab/raddb/dictionary"
tests/lab radius "$lab" stop
tests/lab radius "$lab" start
wait_loaded

dictionary_ask()
{
	lab_mark
	"$RADCLIENT" -D "$lab/dictionary" -x -r 3 -t 3 -f "$1" "$MPSK_RADIUS" auth "$MPSK_SECRET" > "$lab/answer" 2>&1
}

hex_of()
{
	printf '%s' "$1" | od -An -tx1 -v | tr -d ' \n'
}

# part TYPE HEX: type, length with both octets, value.
part()
{
	printf '%02x%02x%s' "$1" $((${#2} / 2 + 2)) "$2"
}

half=120	# digits
frame_1=$(echo "$v_eapol" | cut -c "1-$half")
frame_2=$(echo "$v_eapol" | cut -c "$((half + 1))-")
find_key=$(part 1 "$v_eapol")$(part 2 "$v_anonce")$(part 3 "$v_ssid")$(part 4 "$v_bssid")$(part 6 "$v_bssid")
bssid_text=$(mac_of "$v_bssid" | tr A-F a-f)

common()
{
	cat <<-END
	User-Name = "$v_sta"
	User-Password = "$v_sta"
	NAS-Identifier = "ap-1"
	Called-Station-Id = "$(mac_of "$v_bssid"):PPSK"
	Calling-Station-Id = "$(mac_of "$v_sta")"
	Message-Authenticator = 0x00
	END
}

# The good request of a dialect.
good()
{
	common
	case $1 in
	ruckus)
		cat <<-END
		Ruckus-SSID = "PPSK"
		Ruckus-BSSID = 0x$v_bssid
		Ruckus-DPSK-AKM-Suite = 0x000fac02
		Ruckus-DPSK-Cipher = 4
		Ruckus-DPSK-Anonce = 0x$v_anonce
		Ruckus-DPSK-EAPOL-Key-Frame = 0x$v_eapol
		END
		;;
	meraki)
		cat <<-END
		Meraki-IPSK-Anonce = 0x$v_anonce
		Meraki-IPSK-EAPOL = 0x$v_eapol
		Meraki-IPSK-BSSID = 0x$v_bssid
		Meraki-IPSK-AP-MAC = 0x$v_bssid
		Meraki-IPSK-SSID = "PPSK"
		END
		;;
	eleven)
		cat <<-END
		Eleven-EAPOL-Frame-2 = 0x$v_eapol
		Eleven-EAPOL-Anonce = 0x$v_anonce
		Eleven-EAPOL-SSID = "PPSK"
		Eleven-EAPOL-APMAC = 0x$v_bssid
		Eleven-EAPOL-STMAC = 0x$v_sta
		END
		;;
	omada)
		echo "TPLink-Authentication-FindKey = 0x$find_key"
		;;
	cisco)
		cat <<-END
		Attr-26.9.1 = 0x$(hex_of cisco-wlan-ssid=)$v_ssid
		Attr-26.9.1 = 0x$(hex_of "cisco-bssid=$bssid_text")
		Attr-26.9.1 = 0x$(hex_of cisco-anonce=)$v_anonce
		Attr-26.9.1 = 0x$(hex_of cisco-8021x-data=)$frame_1
		Attr-26.9.1 = 0x$(hex_of cisco-8021x-data=)$frame_2
		END
		;;
	esac
}

good_works()
{
	good "$1" > "$lab/request"
	dictionary_ask "$lab/request"
	is "$1: the good request $2" "$(code) $(reason)" "Access-Accept MATCHED"
}

# bad DIALECT NAME SED_SCRIPT REASON WHAT_THE_LOG_NAMES: the good request, changed.
bad()
{
	good "$1" | sed "$3" > "$lab/request"
	dictionary_ask "$lab/request"
	is "$1: $2" "$(code) $(reason)" "Access-Reject $4"
	like "$1: $2: the log says what" "$(lab_log)" "$5"
	like "$1: $2: and in which dialect" "$(lab_log)" " dialect=$1 "
}

# tlv DIALECT ANONCE FRAME SSID BSSID "RAW ATTRIBUTE": a dialect whose parts the dictionary knows.
tlv()
{
	good_works "$1" "at first"
	bad "$1" "no ANonce" "/^$2 /d" BAD_FRAME "$2 is missing"
	bad "$1" "no frame" "/^$3 /d" BAD_FRAME "$3 is missing"
	bad "$1" "ANonce of 31 octets" "s/^\($2 = 0x\)../\1/" BAD_FRAME "ANonce"
	bad "$1" "another ANonce" "s/^\($2 = 0x\)../\100/" NO_MATCH "reason=NO_MATCH"
	bad "$1" "frame one octet short" "s/^\($3 = .*\)..$/\1/" BAD_FRAME "EAPOL"
	bad "$1" "frame one octet long" "s/^\($3 = .*\)$/\100/" BAD_FRAME "EAPOL"
	bad "$1" "frame of 1 octet" "s/^$3 .*/$3 = 0x01/" BAD_FRAME "EAPOL"
	bad "$1" "ANonce twice" "s/^\($2 .*\)/\1\nUser-Password = \"x\"\n\1/" BAD_FRAME "$2 stands more than once"
	bad "$1" "BSSID of 5 octets" "s/^\($5 = 0x\)../\1/" BAD_FRAME "$5 of 5 octets is no MAC"
	bad "$1" "SSID of 33 octets" "s/^$4 .*/$4 = \"123456789012345678901234567890123\"/" BAD_FRAME "$4 holds an SSID of 33"
	parts='/^\(Ruckus-DPSK\|Meraki\|Eleven\)/d'
	bad "$1" "a part that does not fit" "1i Attr-26.$6 = 0x03ff00
		$parts" BAD_FRAME "could not be decoded"
	bad "$1" "a part of length 0" "1i Attr-26.$6 = 0x0300
		$parts" BAD_FRAME "could not be decoded"
	bad "$1" "half a part, beside those that are whole" "1i Attr-26.$6 = 0x03" BAD_FRAME "could not be decoded"
	bad "$1" "another BSSID" "s/^\($5 = 0x\)../\1aa/" NO_MATCH "reason=NO_MATCH"
	good_works "$1" "at last"
}

tlv ruckus Ruckus-DPSK-Anonce Ruckus-DPSK-EAPOL-Key-Frame Ruckus-SSID Ruckus-BSSID 25053.153
tlv meraki Meraki-IPSK-Anonce Meraki-IPSK-EAPOL Meraki-IPSK-SSID Meraki-IPSK-BSSID 29671.5
tlv eleven Eleven-EAPOL-Anonce Eleven-EAPOL-Frame-2 Eleven-EAPOL-SSID Eleven-EAPOL-APMAC 52970.3

k=TPLink-Authentication-FindKey
good_works omada "at first"
bad omada "FindKey twice" "/^$k/p" BAD_FRAME "$k stands more than once"
bad omada "no ANonce" "s/$(part 2 "$v_anonce")//" BAD_FRAME "$k: part 2 is missing"
bad omada "no frame" "s/$(part 1 "$v_eapol")//" BAD_FRAME "$k: part 1 is missing"
bad omada "ANonce of 31 octets" "s/$(part 2 "$v_anonce")/0221${v_anonce#??}/" BAD_FRAME "ANonce"
bad omada "a part twice" "s/$(part 3 "$v_ssid")/&&/" BAD_FRAME "$k: part 3 stands more than once"
bad omada "a part that does not fit" "s/^\($k .*\)../\1/" BAD_FRAME "$k: part 6 of length 8 does not fit"
bad omada "a part of length 1" "s/^\($k .*\)/\10501/" BAD_FRAME "$k: part 5 of length 1 does not fit"
bad omada "half a part" "s/^\($k .*\)/\105/" BAD_FRAME "$k: part 5 of length 0 does not fit"
bad omada "BSSID of 5 octets" "s/0608../0607/" BAD_FRAME "$k: part 6 of 5 octets is no MAC"
bad omada "nothing" "s/^$k .*/$k = 0x00/" BAD_FRAME "$k: part 0 of length 0 does not fit"
good omada | sed "s/^\($k .*\)/\109020a0300/" > "$lab/request"
dictionary_ask "$lab/request"
is "omada: parts that nobody knows are passed over" "$(code) $(reason)" "Access-Accept MATCHED"

a=$(hex_of cisco-anonce=)
d=$(hex_of cisco-8021x-data=)
s=$(hex_of cisco-wlan-ssid=)
b=$(hex_of cisco-bssid=)
good_works cisco "at first"
bad cisco "no ANonce" "/$a/d" BAD_FRAME "Cisco-AVPair cisco-anonce is missing"
bad cisco "no frame" "/$d/d" BAD_FRAME "Cisco-AVPair cisco-8021x-data is missing"
bad cisco "ANonce twice" "/$a/p" BAD_FRAME "Cisco-AVPair cisco-anonce stands more than once"
bad cisco "ANonce empty" "s/$a.*/$a/" BAD_FRAME "ANonce"
bad cisco "ANonce of 33 octets" "s/$a/&00/" BAD_FRAME "ANonce"
bad cisco "frame without its end" "/$frame_2/d" BAD_FRAME "EAPOL"
bad cisco "fragments the other way round" "s/$frame_1/@/; s/$frame_2/$frame_1/; s/@/$frame_2/" BAD_FRAME "EAPOL"
bad cisco "a fragment twice" "/$frame_1/p" BAD_FRAME "EAPOL"
bad cisco "SSID of 33 octets" "s/$s.*/$s$(printf '%066d' 0)/" BAD_FRAME "Cisco-AVPair cisco-wlan-ssid holds an SSID of 33"
bad cisco "SSID twice" "/$s/p" BAD_FRAME "cisco-wlan-ssid stands more than once"
bad cisco "a BSSID that is none" "s/$b.*/${b}3030/" BAD_FRAME "Cisco-AVPair cisco-bssid of 2 octets is no MAC"
long=$(printf '%0440d' 0)
bad cisco "fragments of over 2048 octets" "s/^.*$frame_2/&\nAttr-26.9.1 = 0x$d$long\nAttr-26.9.1 = 0x$d$long\nAttr-26.9.1 = 0x$d$long\nAttr-26.9.1 = 0x$d$long\nAttr-26.9.1 = 0x$d$long\nAttr-26.9.1 = 0x$d$long\nAttr-26.9.1 = 0x$d$long\nAttr-26.9.1 = 0x$d$long\nAttr-26.9.1 = 0x$d$long/" \
	BAD_FRAME "Cisco-AVPair cisco-8021x-data has over 2048"
good cisco > "$lab/request"
i=0
while [ $i -lt 61 ]; do
	echo "Cisco-AVPair = \"x=$i\""
	i=$((i + 1))
done >> "$lab/request"
dictionary_ask "$lab/request"
is "cisco: 66 pairs" "$(code) $(reason)" "Access-Reject BAD_FRAME"
like "cisco: 66 pairs: the log says so" "$(lab_log)" "Cisco-AVPair stands 66 times, over 64"
good_works cisco "at last"

# --- Vendors' attributes that cannot even be told apart ---

common > "$lab/request"
dictionary_ask "$lab/request"
is "the MAC alone is let in" "$(code) $(reason)" "Access-Accept BOUND"
for vendor in 000061dd 000073e7 0000ceea 00002e57; do
	{ common; echo "Attr-26 = 0x${vendor}05ff01"; } > "$lab/request"
	dictionary_ask "$lab/request"
	is "vendor $vendor, malformed, is no MAC alone" "$(code) $(reason)" "Access-Reject BAD_FRAME"
	like "vendor $vendor: the log says so" "$(lab_log)" "could not be decoded"
done

lab_done
done_testing
