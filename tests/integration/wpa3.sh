#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# WPA3: where an access point says that a station comes by SAE, it is answered
# with one passphrase or with a reason, in every dialect.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

mac()
{
	printf '00-00-5e-00-53-%02x' "$1"
}

said()
{
	sed -n "s/^$1  *//p" "$lab/joined"
}

# sae NAME "EXIT REASON" SSID PASSPHRASE MAC [RADMPSK_OPTION...]: with one passphrase in the answer, or nothing.
sae()
{
	joins "$@" --bound --akm sae
	case $2 in
	0*)	is "$1: one passphrase" "$(said keys)" "1 attribute, 1 usable, 1 tried" ;;
	1*)	is "$1: no key" "$(said keys)" "" ;;
	esac
}

lab_up MPSK_LAB_SET="log_accept = yes
claim_fresh = 0
$lab_patient"
digits=$(printf '%064x' 99)
key home ssid Acme psk "passphrase of home" vlan 20 name Home
key listed ssid Acme psk "passphrase of the list" macs "$(mac 2)"
key digits ssid Acme psk "$digits" macs "$(mac 3)"
key late ssid Acme psk "passphrase too late" macs "$(mac 4)" exp 1000
key full ssid Acme psk "passphrase at its cap" max 1 macs "$(mac 5),$(mac 6)"
key sole ssid Sole psk "the sole passphrase"
wait_loaded

# --- Who is known ---

sae "a MAC that nobody knows" "1 SAE_UNKNOWN" Acme "passphrase of home" "$(mac 1)"
like "the dialect and the reason are in the log" "$(lab_log)" 'reject reason=SAE_UNKNOWN .* dialect=hostapd key=-'
in_force "it comes on WPA2" "0 MATCHED" Acme "passphrase of home" "$(mac 1)"
for akm in sae ft-sae sae-ext-key ft-sae-ext-key; do
	joins "and then by $akm" "0 BOUND" Acme "passphrase of home" "$(mac 1)" --bound --akm $akm
	is "with its VLAN, its name and one passphrase" "$(said VLAN) $(said 'key name'), $(said keys)" \
		"20 Home, 1 attribute, 1 usable, 1 tried"
done
sae "another passphrase" "2 BOUND" Acme "passphrase of others" "$(mac 1)"
sae "a MAC that is listed" "0 BOUND" Acme "passphrase of the list" "$(mac 2)"
sae "an expired key" "1 EXPIRED" Acme "passphrase too late" "$(mac 4)"
sae "a key's one device" "0 BOUND" Acme "passphrase at its cap" "$(mac 5)"
sae "a key at its cap" "1 CAP_REACHED" Acme "passphrase at its cap" "$(mac 6)"
joins "64 digits are good for WPA2" "0 BOUND" Acme "$digits" "$(mac 3)" --bound
sae "and of no use here" "1 NO_PASSPHRASE" Acme "$digits" "$(mac 3)"
like "the log says whose key it is" "$(lab_log)" 'reason=NO_PASSPHRASE .* key=digits '

# --- In every dialect, those whose keys are PMKs too ---

rcli hset mpsk:cfg:nas:ap-mist dialect mist > /dev/null
rcli hset mpsk:cfg:nas:ap-omada-findkey dialect omada-findkey > /dev/null
rcli hset mpsk:cfg:nas:ap-styled reply ruckus-dpsk > /dev/null
in_force "a style of PMKs is in force" "2 BOUND" Acme "passphrase of the list" "$(mac 2)" --bound --nas-id ap-styled
sae "the style ruckus-dpsk" "0 BOUND" Acme "passphrase of the list" "$(mac 2)" --nas-id ap-styled
for dialect in hostapd generic ruckus cisco meraki eleven aruba fortinet unifi omada omada-findkey mikrotik huawei \
	lancom mist; do
	of="--dialect $dialect --nas-id ap-$dialect"
	# shellcheck disable=SC2086 # two options
	sae "$dialect" "0 BOUND" Acme "passphrase of the list" "$(mac 2)" $of
	like "$dialect: in the log" "$(lab_log)" " dialect=$dialect "
	# shellcheck disable=SC2086
	sae "$dialect: a PMK alone" "1 NO_PASSPHRASE" Acme "$digits" "$(mac 3)" $of
	# shellcheck disable=SC2086
	sae "$dialect: a MAC that nobody knows" "1 SAE_UNKNOWN" Acme "passphrase of home" "$(mac 9)" $of
done

# --- What is malformed, and a handshake after SAE ---

# asked NAME "CODE REASON" LINE...: a request of the listed device, with these attributes.
asked()
{
	asked_name=$1
	asked_expected=$2
	shift 2
	{
		echo "User-Name = \"$(mac 2)\""
		echo "Called-Station-Id = \"$lab_bssid:Acme\""
		for line in "$@"; do echo "$line"; done
	} > "$lab/request"
	ask "$lab/request"
	is "$asked_name" "$(code) $(reason)" "$asked_expected"
}
asked "another AKM" "Access-Accept BOUND" 'WLAN-AKM-Suite = 1027074'
asked "an AKM of three octets" "Access-Reject BAD_FRAME" 'Attr-188 = 0x0fac08'
like "the log names it" "$(lab_log)" 'WLAN-AKM-Suite has 3 octets, not 4'
asked "an AKM of five octets" "Access-Reject BAD_FRAME" 'Attr-188 = 0x000fac0800'
asked "two AKMs" "Access-Reject BAD_FRAME" 'WLAN-AKM-Suite = 1027074' 'WLAN-AKM-Suite = 1027080'
like "the log says so" "$(lab_log)" 'WLAN-AKM-Suite stands more than once'

sed '/^eapol=/s/000fac02\([0-9a-f]*\)$/000fac08\1/' tests/vectors/wpa2-ccmp-min.txt > "$lab/capture"
lab_mark
"$RADMPSK" --server "$MPSK_RADIUS" --secret-file "$MPSK_SECRET_FILE" --replay "$lab/capture" > "$lab/joined" 2>&1
is "a handshake after SAE" "$? $(reason)" "1 UNSUPPORTED_AKM"
like "says why it is of no use" "$(lab_log)" 'AKM 00-0F-AC:8 is SAE, whose handshake does not tell the passphrase'

join Acme "passphrase of home" "$(mac 1)" --akm sae
is "radmpsk makes none" "$? $(grep -c 'sae needs the passphrase before any handshake: add --bound' "$lab/joined")" "64 1"

# --- An access point that does not say it, helped in unlang; and candidates ---

tests/lab radius "$lab" stop
site=$lab/raddb/sites-enabled/mpsk
awk '/authorize {/ { inside = 1 }
	inside && /^[[:space:]]*mpsk( [{])?$/ {
		print "if (&NAS-Identifier == \"wpa3-only\") {\nupdate request {\n&WLAN-AKM-Suite := 0x000fac08\n}\n}"
		inside = 0
	}
	{ print }' "$site" > "$lab/changed"
cp "$lab/changed" "$site"
sed 's/^\([[:space:]]*unknown_mac = \).*/\1candidates/' "$lab/raddb/mods-enabled/mpsk" > "$lab/changed"
cp "$lab/changed" "$lab/raddb/mods-enabled/mpsk"
tests/lab radius "$lab" start

offered()
{
	join Acme "passphrase of the list" "$(mac 9)" --bound
	[ "$(reason)" = CANDIDATES ]
}
in_force "the keys are read" "0 BOUND" Acme "passphrase of the list" "$(mac 2)" --bound
joins "64 digits, where nobody says SAE" "0 BOUND" Acme "$digits" "$(mac 3)" --bound --nas-id ap-1
joins "64 digits, where unlang does" "1 NO_PASSPHRASE" Acme "$digits" "$(mac 3)" --bound --nas-id wpa3-only
rcli del 'mpsk:key:{home}' > /dev/null
key one ssid Acme psk "passphrase of one"
key two ssid Acme psk "passphrase of two"
ok "to a MAC that nobody knows several are offered" wait_for 5 offered
sae "but not for SAE" "1 SAE_UNKNOWN" Acme "passphrase of one" "$(mac 9)"
like "the log says why" "$(lab_log)" 'it may be one of several keys, and SAE tries one alone'
sae "unless there is but one" "0 CANDIDATES" Sole "the sole passphrase" "$(mac 9)"

lab_done
done_testing
