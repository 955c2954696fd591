# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # DIR/env sets the MPSK_ variables; the tests use the lab_ and v_ ones
#
# For tests that need the servers: after tests/tap.sh,
#	. tests/integration/lab.sh
#	lab_up			starts them, and stops them however the test ends
#	...
#	lab_done		a last result: they ended as they should
#	done_testing

lab=
lab_mac=00-00-5e-00-53-01
lab_bssid=00-00-5e-00-53-f0

# For MPSK_LAB_SET in tests that are not about a slow Redis: on a busy machine every Redis is.
lab_patient='connect_timeout = 5
command_timeout = 5'

# lab_up [VARIABLE=VALUE...]: with these in the lab's environment.
lab_up()
{
	lab=$(mktemp -d) || bail_out "mktemp failed"
	trap lab_exit EXIT
	trap 'exit 1' HUP INT TERM
	env MPSK_BUILD="${builddir:?}" "$@" tests/lab up "$lab" || bail_out "the lab did not start"
	# shellcheck source=/dev/null
	. "$lab/env"
}

# shellcheck disable=SC2317,SC2329 # the trap calls it
lab_exit()
{
	lab_status=$?
	trap - EXIT
	tests/lab down "$lab" || lab_status=1
	rm -rf "$lab"
	exit $lab_status
}

lab_done()
{
	ok "the servers ran to the end, and no sanitizer found anything" tests/lab down "$lab"
}

rcli()
{
	"$MPSK_REDIS_CLI" -s "$MPSK_REDIS_SOCKET" "$@"
}

# key ID FIELD VALUE...: by hand, as anybody may.
key()
{
	key_id=$1
	shift
	rcli hset "mpsk:key:{$key_id}" "$@" > /dev/null
}

# field_hex ID FIELD HEX: octets that an argument cannot hold.
field_hex()
{
	perl -e 'print pack("H*", shift)' "$3" | rcli -x hset "mpsk:key:{$1}" "$2" > /dev/null
}

# mac_of HEX: 00005e005301 as 00-00-5E-00-53-01
mac_of()
{
	echo "$1" | tr a-f A-F | sed 's/../&-/g; s/-$//'
}

# The reason of the last decision that the server logged; lab_mark begins anew.
lab_mark()
{
	lab_before=$(wc -c < "$MPSK_LOG")
}

lab_log()
{
	tail -c "+$((lab_before + 1))" "$MPSK_LOG"
}

reasons()
{
	lab_log | sed -n 's/.* reason=\([A-Z_]*\) .*/\1/p'
}

reason()
{
	reasons | tail -n 1
}

# Until the server has read the keys: nobody can say of a rejection before that what it means.
loaded()
{
	lab_mark
	echo "User-Name = \"00-00-5e-00-53-fe\", Called-Station-Id = \"$lab_bssid:nobody\"" |
		"$RADCLIENT" -q -r 1 -t 2 "$MPSK_RADIUS" auth "$MPSK_SECRET" > /dev/null 2>&1
	[ "$(reason)" = UNKNOWN_MAC ]
}

wait_loaded()
{
	ok "the server has read the keys within 10 s" wait_for 10 loaded
}

# ask FILE: send the requests in it; what radclient says is in $lab/answer.
ask()
{
	lab_mark
	"$RADCLIENT" -x -r 3 -t 3 -f "$1" "$MPSK_RADIUS" auth "$MPSK_SECRET" > "$lab/answer" 2>&1
}

ready()
{
	ask "$1"
	[ "$(reason)" != NOT_READY ]
}

# As ask, of a key that was written just now: its PMK has yet to be derived.
ask_when_ready()
{
	wait_for 5 ready "$1"
}

# The code of the answer: Access-Accept, Access-Reject, or nothing where there was none.
code()
{
	sed -n 's/^Received \(Access-[A-Za-z]*\) .*/\1/p' "$lab/answer" | tail -n 1
}

# answered ATTRIBUTE: its value in the answer.
answered()
{
	sed -n '/^Received /,$ s/^[[:space:]]*'"$1"'\(:[0-9]*\)\{0,1\} = //p' "$lab/answer"
}

# join SSID PASSPHRASE MAC [RADMPSK_OPTION...]: play an access point; 0 accepted, 1 rejected. radmpsk speaks to $lab/joined.
join()
{
	join_ssid=$1
	printf '%s\n' "$2" > "$lab/passphrase"
	join_mac=$3
	shift 3
	lab_mark
	"$RADMPSK" --server "$MPSK_RADIUS" --secret-file "$MPSK_SECRET_FILE" --ssid "$join_ssid" \
		--passphrase-file "$lab/passphrase" --mac "$join_mac" --bssid "$lab_bssid" "$@" > "$lab/joined" 2>&1
}

# joins NAME "EXIT REASON" SSID PASSPHRASE MAC [RADMPSK_OPTION...]
joins()
{
	joins_name=$1
	joins_expected=$2
	shift 2
	join "$@" && joins_exit=0 || joins_exit=$?
	is "$joins_name" "$joins_exit $(reason)" "$joins_expected"
}

# in_force NAME "EXIT REASON" SSID PASSPHRASE MAC [RADMPSK_OPTION...]: as joins, within a second of now; a sanitized
# build, which no one runs for its speed, has five.
in_force()
{
	force_seconds=1
	[ ! -e "$builddir/tests/.libs/deepbind.so" ] || force_seconds=5
	force_name=$1
	force_expected=$2
	force_until=$(($(date +%s%N) + force_seconds * 1000000000))
	shift 2
	while :; do
		join "$@" && force_exit=0 || force_exit=$?
		[ "$force_exit $(reason)" != "$force_expected" ] || break
		[ "$(date +%s%N)" -lt "$force_until" ] || break
	done
	is "$force_name, within $force_seconds s" "$force_exit $(reason)" "$force_expected"
}

# vector FILE: set v_ssid, v_passphrase, v_bssid, v_sta, v_akm, v_anonce and v_eapol, all hex.
vector()
{
	for vector_name in ssid passphrase bssid sta akm anonce eapol; do
		vector_value=$(sed -n "s/^$vector_name=//p" "$1")
		eval "v_$vector_name=\$vector_value"
	done
}

# The request of the vector as hostapd sends it: attributes, one a line.
vector_request()
{
	mac=$(mac_of "$v_sta")
	cat <<-END
	User-Name = "$v_sta"
	User-Password = "$v_sta"
	NAS-Identifier = "ap-1"
	NAS-Port-Type = Wireless-802.11
	Attr-30 = 0x$(mac_of "$v_bssid" | tr -d '\n' | od -An -tx1 -v | tr -d ' \n')3a$v_ssid
	Calling-Station-Id = "$mac"
	WLAN-AKM-Suite = $((0x$v_akm))
	FreeRADIUS-802.1X-Anonce = 0x$v_anonce
	FreeRADIUS-802.1X-EAPoL-Key-Msg = 0x$v_eapol
	Message-Authenticator = 0x00
	END
}
