#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# Every dialect, all at one server with one configuration: the right key, a
# wrong one, an unknown MAC, an expired key, a key at its cap, each with what
# is in its answer. radmpsk looks for the key and the VLAN only where that
# access point would.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

# The dialect that radmpsk speaks; the shape; what mpsk:cfg:nas:<id> says of the access point; what the server takes
# the request for. The last dialect is a stranger whom configuration alone makes one of those.
table="hostapd		unbound	-		hostapd
ruckus		unbound	-		ruckus
cisco		unbound	-		cisco
meraki		unbound	-		meraki
eleven		unbound	-		eleven
omada		unbound	-		omada
omada-findkey	unbound	omada-findkey	omada-findkey
hostapd		bound	-		hostapd
generic		bound	-		generic
ruckus		bound	-		ruckus
cisco		bound	-		cisco
meraki		bound	-		meraki
eleven		bound	-		eleven
aruba		bound	-		aruba
fortinet	bound	-		fortinet
unifi		bound	-		unifi
omada		bound	-		omada
omada-findkey	bound	omada-findkey	omada-findkey
mikrotik	bound	-		mikrotik
huawei		bound	-		huawei
lancom		bound	-		lancom
mist		bound	mist		mist
generic		bound	fortinet	fortinet
generic		bound	unifi		unifi
generic		bound	omada		omada
generic		bound	hostapd		hostapd"

# Of the n-th row, the k-th device, and the same for redis-cli.
mac()
{
	printf '00-00-5e-00-53-%02x' $((n * 8 + $1))
}

lab_up MPSK_LAB_SET="log_accept = yes
claim_fresh = 0
$lab_patient"
echo "$table" > "$lab/table"

# The one configuration is the sample's, and in unlang a word for two access points.
tests/lab radius "$lab" stop
awk '/authorize {/ { inside = 1 }
	inside && /^[[:space:]]*mpsk( \{)?$/ {
		print "if (&NAS-Identifier == \"unlang\") {\nupdate control {"
		print "&MPSK-Dialect := \"lancom\"\n&MPSK-Reply-Style := \"huawei\"\n}\n}"
		print "if (&NAS-Identifier == \"unlang-wrong\") {\nupdate control {\n&MPSK-Dialect := \"nonsense\"\n}\n}"
		inside = 0
	}
	{ print }' "$lab/raddb/sites-enabled/mpsk" > "$lab/changed"
cp "$lab/changed" "$lab/raddb/sites-enabled/mpsk"
tests/lab radius "$lab" start

each()
{
	n=0
	while read -r dialect shape configured seen; do
		n=$((n + 1))
		label="$dialect $shape"
		[ "$configured" = - ] || label="$dialect $shape, configured as $configured"
		hex=$(printf '%064x' "$n")
		"$1"
	done < "$lab/table"
}

add_keys()
{
	key "right-$n" ssid Acme psk "right passphrase $n" vlan $((100 + n)) name "Room $n"
	key "late-$n" ssid Acme psk "late passphrase $n" exp 1000
	key "full-$n" ssid Acme psk "full passphrase $n" max 1
	key "hex-$n" ssid Acme psk "$hex"
	if [ "$shape" = bound ]; then
		key "right-$n" macs "$(mac 1)"
		key "late-$n" macs "$(mac 3)"
		key "full-$n" macs "$(mac 4),$(mac 5)"
		key "hex-$n" macs "$(mac 6)"
	fi
	[ "$configured" = - ] || rcli hset "mpsk:cfg:nas:ap-$n" dialect "$configured" > /dev/null
}

said()
{
	sed -n "s/^$1  *//p" "$lab/joined"
}

# What an answer holds beside its code, where it is about a key, and where not.
facts()
{
	echo "$(said 'key name')|$(said CUI)|$(said VLAN)|$(said keys)"
}
nothing='|||'
no_key='|||0 attributes, 0 usable, 0 tried'

# asks NAME "EXIT REASON" PASSPHRASE MAC: exit 1 is an Access-Reject, which has to be bare.
asks()
{
	if [ "$shape" = bound ]; then
		joins "$label: $1" "$2" Acme "$3" "$4" --dialect "$dialect" --nas-id "ap-$n" --bound
	else
		joins "$label: $1" "$2" Acme "$3" "$4" --dialect "$dialect" --nas-id "ap-$n"
	fi
	case $2 in
	1*)	is "$label: $1: nothing but the refusal" "$(facts)" "$nothing" ;;
	esac
}

# The first step of two knows nothing of keys: whatever the MAC, the answer is to go on.
check_first_step()
{
	asks "the right key" "2 FIRST_STEP" "right passphrase $n" "$(mac 1)"
	is "$label: the answer holds no key" "$(facts)" "$no_key"
	like "$label: the dialect in the log" "$(lab_log | tail -n 1)" " dialect=$seen key=- "
	asks "a wrong key" "2 FIRST_STEP" "wrong passphrase" "$(mac 1)"
	asks "an unknown MAC" "2 FIRST_STEP" "right passphrase $n" "$(mac 2)"
	is "$label: that is told nothing either" "$(facts)" "$no_key"
	asks "an expired key" "2 FIRST_STEP" "late passphrase $n" "$(mac 3)"
	asks "a key at its cap" "2 FIRST_STEP" "full passphrase $n" "$(mac 4)"
	asks "a PMK of 64 digits" "2 FIRST_STEP" "$hex" "$(mac 6)"
	is "$label: no device is anybody's by that" "$(rcli zcard "mpsk:dev:{full-$n}")" 0
}

check_row()
{
	if [ "$seen $shape" = "omada-findkey bound" ]; then
		check_first_step
		return
	elif [ "$shape" = bound ]; then
		found=BOUND
		wrong="2 BOUND"		# no access point has seen a passphrase yet: it is the station that gives up
		unknown="1 UNKNOWN_MAC"
	else
		found=MATCHED
		wrong="1 NO_MATCH"
		unknown="0 MATCHED"	# with the right key, a device is none the less welcome
	fi
	asks "the right key" "0 $found" "right passphrase $n" "$(mac 1)"
	is "$label: name, CUI, VLAN and one key" "$(facts)" \
		"Room $n|Room $n|$((100 + n))|1 attribute, 1 usable, 1 tried"
	like "$label: the dialect in the log" "$(lab_log | tail -n 1)" " dialect=$seen key=right-$n "
	asks "a wrong key" "$wrong" "wrong passphrase" "$(mac 1)"
	asks "an unknown MAC" "$unknown" "right passphrase $n" "$(mac 2)"
	asks "an expired key" "1 EXPIRED" "late passphrase $n" "$(mac 3)"
	asks "a key's one device" "0 $found" "full passphrase $n" "$(mac 4)"
	asks "a key at its cap" "1 CAP_REACHED" "full passphrase $n" "$(mac 5)"
	asks "a PMK of 64 digits" "0 $found" "$hex" "$(mac 6)"
}

each add_keys
wait_loaded
n=1
join Acme "right passphrase 1" "$(mac 7)"
in_force "the keys are derived" "0 MATCHED" Acme "$(printf '%064x' 20)" "$(mac 7)"
each check_row

# --- Reply style, Session-Timeout and dialect: the store, and what unlang says over it ---

n=31
key timed ssid Acme psk "timed passphrase" exp $(($(date +%s) + 1000)) macs "$(mac 1)"
in_force "a key that ends" "0 BOUND" Acme "timed passphrase" "$(mac 1)" --bound --nas-id ap-x
like "Session-Timeout is sent" "$(said Session-Timeout)" '^[0-9]+ s$'

styled()
{
	join Acme "timed passphrase" "$(mac 1)" --bound --nas-id ap-x --dialect "$1"
}

styled_without_time()
{
	styled "$1" && [ -z "$(said Session-Timeout)" ]
}
for pair in tunnel-password/hostapd cisco/cisco mikrotik/mikrotik huawei/huawei lancom/lancom \
	ruckus-dpsk/ruckus; do
	rcli hset mpsk:cfg:nas:ap-x dialect generic reply "${pair%/*}" session_timeout 0 > /dev/null
	ok "reply ${pair%/*} is in force, without Session-Timeout" wait_for 3 styled_without_time "${pair#*/}"
done

warned()
{
	lab_log | grep -q "$1"
}
rcli hset mpsk:cfg:nas:unlang dialect aruba reply mikrotik > /dev/null
rcli hset mpsk:cfg:nas:ap-x reply mikrotik > /dev/null
ok "the store says one thing" wait_for 3 styled mikrotik
joins "unlang another, which counts" "0 BOUND" Acme "timed passphrase" "$(mac 1)" --bound --nas-id unlang --dialect huawei
like "for the dialect too" "$(lab_log)" " dialect=lancom "
join Acme "timed passphrase" "$(mac 1)" --bound --nas-id unlang-wrong
is "a name that is none is refused" "$?" 1
like "and told" "$(lab_log)" "control:MPSK-Dialect: there is no dialect 'nonsense'"

lab_mark
rcli hset mpsk:cfg:nas:ap-x dialect nonsense reply nonsense session_timeout 1 > /dev/null
ok "an unknown dialect is told" wait_for 3 warned 'mpsk:cfg:nas:ap-x: dialect is none that there is'
ok "an unknown style is told" wait_for 3 warned 'mpsk:cfg:nas:ap-x: reply is no style that there is'
ok "and both count as absent" styled hostapd
lab_mark
rcli hset mpsk:cfg:nas:ap-x session_timeout never > /dev/null
ok "so is a session_timeout that is neither 0 nor 1" wait_for 3 warned 'session_timeout: neither 0 nor 1'

# --- VLANs by name, which each site gives its own number ---

key named ssid Acme psk "named passphrase" vlan guest macs "$(mac 3)"
rcli hset mpsk:cfg:nas:ap-hq site hq > /dev/null
rcli hset mpsk:cfg:nas:ap-lab site lab > /dev/null
rcli hset mpsk:cfg:site:hq vlans "guest=20, staff=30" > /dev/null
in_force "a VLAN by name" "0 BOUND" Acme "named passphrase" "$(mac 3)" --bound --nas-id ap-hq
is "has the site's number" "$(said VLAN)" 20
joins "at a site that gives it none" "1 NO_VLAN" Acme "named passphrase" "$(mac 3)" --bound --nas-id ap-lab
like "the log says what is missing" "$(lab_log)" "mpsk:cfg:site:lab gives VLAN 'guest' no number"
joins "where the site is not known" "1 NO_VLAN" Acme "named passphrase" "$(mac 3)" --bound --nas-id ap-y
rcli hset mpsk:cfg:site:lab vlans "guest=21" > /dev/null
in_force "once it has one" "0 BOUND" Acme "named passphrase" "$(mac 3)" --bound --nas-id ap-lab
is "that is its number there" "$(said VLAN)" 21
lab_mark
rcli hset mpsk:cfg:site:lab vlans "guest" > /dev/null
ok "a list that is none is told" wait_for 3 warned "site lab refused: vlans: 'guest' is not a name"

# --- Roles, in the attribute of each ---

key role ssid Acme psk "role passphrase" role staff macs "$(mac 2)"
in_force "a key with a role" "0 BOUND" Acme "role passphrase" "$(mac 2)" --bound
role_of()
{
	cat > "$lab/request" <<-END
	User-Name = "$(mac 2)", Called-Station-Id = "00-00-5e-00-53-f0:Acme", NAS-Identifier = "$2", $3
	END
	ask "$lab/request"
	is "the role of $1" "$(answered "$4")" "${5-\"staff\"}"
}
rcli hset mpsk:cfg:nas:forti dialect fortinet > /dev/null
role_of "generic access points" ap-y 'Service-Type = Call-Check' Filter-Id
role_of Meraki ap-y 'Meraki-Device-Name = "ap-y"' Filter-Id
role_of Aruba ap-y 'Aruba-Essid-Name = "Acme"' Aruba-User-Role
role_of "Aruba, and there alone," ap-y 'Aruba-Essid-Name = "Acme"' Filter-Id ""
role_of Ruckus ap-y 'Ruckus-SSID = "Acme"' Ruckus-User-Groups
for dialect in cisco mikrotik huawei lancom unifi omada mist; do
	rcli hset "mpsk:cfg:nas:role-$dialect" dialect $dialect > /dev/null
	role_of "$dialect" "role-$dialect" 'Service-Type = Call-Check' Filter-Id
done
role_of Fortinet forti 'Service-Type = Call-Check' Fortinet-Group-Name

# --- Not the module's ---

ask_user()
{
	printf '%s\n' "$1" > "$lab/request"
	ask "$lab/request"
}
ask_user 'User-Name = "bob", User-Password = "secret", Called-Station-Id = "00-00-5e-00-53-f0:Acme"'
is "a user is not the module's: no reason" "$(code) $(reason)" "Access-Reject "
ask_user "User-Name = \"bob\", Cisco-AVPair = \"service-type=Login\", Ruckus-SSID = \"Acme\""
is "nor one with vendors' attributes" "$(code) $(reason)" "Access-Reject "
ask_user "User-Name = \"00005e005301\", EAP-Message = 0x0200000501, Message-Authenticator = 0x00"
is "nor EAP, though its name is a MAC" "$(code) $(reason)" "Access-Reject "

# --- A capture, replayed ---

cp tests/vectors/wpa2-ccmp-min.txt "$lab/capture"
key captured ssid PPSK psk 12345678
# replayed DIALECT
replayed()
{
	lab_mark
	"$RADMPSK" --server "$MPSK_RADIUS" --secret-file "$MPSK_SECRET_FILE" --replay "$lab/capture" --dialect "$1" \
		> "$lab/joined" 2>&1
}
ok "radmpsk --replay: the passphrase of the capture made it" wait_for 5 replayed hostapd
is "and the server matched it" "$(reason)" MATCHED
for dialect in ruckus cisco meraki eleven omada; do
	ok "the same as $dialect relays it" replayed $dialect
	like "and as that it is read" "$(lab_log)" " dialect=$dialect "
done
sed '/^eapol=/d' tests/vectors/wpa2-ccmp-min.txt > "$lab/capture"
replayed hostapd
is "a capture without its frame is wrong usage" "$? $(grep -c 'there is no line eapol=' "$lab/joined")" "64 1"

lab_done
done_testing
