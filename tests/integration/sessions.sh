# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# shellcheck disable=SC2154 # DIR/env sets the MPSK_ variables
#
# For tests of accounting: after tests/tap.sh and tests/integration/lab.sh,
#	. tests/integration/sessions.sh

# acct KIND MAC [RADMPSK_OPTION...]: play an access point's accounting; 0 where it was answered.
# On the SSID acct_ssid, where that is set, else Acme.
acct()
{
	acct_kind=$1
	acct_mac=$2
	shift 2
	"$RADMPSK" --server "$MPSK_ACCT" --secret-file "$MPSK_SECRET_FILE" --ssid "${acct_ssid:-Acme}" --bssid "$lab_bssid" \
		--acct "$acct_kind" --mac "$acct_mac" "$@" > "$lab/acct" 2>&1
}

# record ID FIELD FILTER: what jq's filter yields of a session.
record()
{
	rcli hget "mpsk:sess:{$1}" "$2" | jq -r "$3" 2>&1
}

# record_is ID FIELD FILTER VALUE
record_is()
{
	[ "$(record "$1" "$2" "$3")" = "$4" ]
}

# sessions NAS: every session of an access point, a line each as `radmpsk --model` writes it.
sessions()
{
	rcli --scan --pattern 'mpsk:sess:*' | while read -r sessions_key; do
		rcli hgetall "$sessions_key" | paste - -
	done | grep -F "$1/" | jq -rR 'split("\t") | .[0] as $field | .[1] | fromjson |
		[$field, .mac, .since, .seen, .ended // 0, .in // 0, .out // 0, .cause // ""] | map(tostring) | join("\t")' |
		LC_ALL=C sort
}

# sessions_equal MODEL
sessions_equal()
{
	sessions "$(sed 's|/.*||;q' "$1")" > "$lab/sessions" && LC_ALL=C sort "$1" | cmp -s - "$lab/sessions"
}

# sessions_end NAME SECONDS MODEL: within so many seconds, all are what they have to be: none lost, none double.
sessions_end()
{
	if wait_for "$2" sessions_equal "$3"; then
		pass "$1"
	else
		fail "$1" "$(LC_ALL=C sort "$3" | diff - "$lab/sessions" | head -n 10)"
	fi
}
