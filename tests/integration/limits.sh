#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# The times of a key through the server: before, at and after each limit.
# Keys are made with mpskctl, as people make them.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

MPSKCTL=${MPSKCTL:-$builddir/mpskctl/mpskctl}

# make ID OPTION...: a key with the passphrase "passphrase of ID", on the SSID Acme.
make()
{
	printf 'passphrase of %s\n' "$1" | "$MPSKCTL" key add "$@" --ssid Acme --passphrase-file - --quiet \
		--redis "unix://$MPSK_REDIS_SOCKET"
}

enters()
{
	join Acme "passphrase of $1" "$lab_mac" --json || return 0
}

# becomes ID REASON: its device is told so in the end.
becomes()
{
	enters "$1"
	[ "$(reason)" = "$2" ]
}

# The time of the server's decision lies between these two.
timed()
{
	before=$(date +%s)
	enters "$1"
	after=$(date +%s)
}

session_timeout()
{
	jq -r '.. | objects | (.session_timeout? // ."Session-Timeout"?) | values' "$lab/joined" | head -n 1
}

field()
{
	rcli --raw hget "mpsk:key:{$1}" "$2"
}

# at OFFSET: a time of day in UTC, so many minutes from now.
at()
{
	date -u -d "@$(($(date +%s) + 60 * $1))" +%H:%M
}

# until_second ID FIELD REASON_BEFORE REASON_AFTER: the reasons on either side of a time that lies a few seconds ahead.
until_second()
{
	limit=$(field "$1" "$2")
	[ -n "$limit" ] || bail_out "key $1 has no $2"
	wrong=
	sides=
	while :; do
		timed "$1"
		if [ "$after" -lt "$limit" ]; then
			sides=before
			[ "$(reason)" = "$3" ] || wrong="$wrong $(reason) before $2"
		elif [ "$before" -ge "$limit" ]; then
			[ "$(reason)" = "$4" ] || wrong="$wrong $(reason) after $2"
			is "$1: $3 before $2, $4 from its second on" "$sides$wrong" before
			return
		fi
	done
}

lab_up MPSK_LAB_SET="log_accept = yes
claim_fresh = 0
$lab_patient"
wait_loaded

make late --exp +6s
ok "the server has the keys" wait_for 5 becomes late MATCHED
timeout=$(session_timeout)
ok "exp: the session ends with the key" [ "${timeout:-0}" -ge 1 -a "$timeout" -le 6 ]
until_second late exp MATCHED EXPIRED
make early --nbf +4s
ok "nbf: refused at first" wait_for 3 becomes early NOT_YET
until_second early nbf NOT_YET MATCHED

# From the first use on.
make trial --valid-for 4s
is "valid_for: no end before the first use" "$(field trial exp)$(field trial activated)" ""
ok "valid_for: the first use" wait_for 3 becomes trial MATCHED
is "valid_for: the first use sets the end" "$(field trial exp)" $(($(field trial activated) + 4))
timeout=$(session_timeout)
is "valid_for: the first session ends with it" "$timeout" 4
until_second trial exp MATCHED EXPIRED
make outer --valid-for 1h --exp +30m
ok "valid_for within exp" wait_for 3 becomes outer MATCHED
timeout=$(session_timeout)
ok "valid_for: exp is the latest end" [ "${timeout:-0}" -gt 1700 -a "$timeout" -le 1800 ]

# The hours of the week.
make open --hours "$(at -2)-$(at 10) UTC"
ok "hours: within" wait_for 3 becomes open MATCHED
timeout=$(session_timeout)
ok "hours: the session ends with them" [ "${timeout:-0}" -gt 500 -a "$timeout" -le 600 ]
make shut --hours "$(at 5)-$(at 10) UTC"
ok "hours: before" wait_for 3 becomes shut OUTSIDE_HOURS
make over --hours "$(at -10)-$(at -2) UTC"
ok "hours: after" wait_for 3 becomes over OUTSIDE_HOURS
like "hours: the log tells the time there" "$(lab_log)" 'it is [A-Z][a-z] [0-9:]* in UTC'
# The same hours elsewhere: Tokyo has no summer time, and is nine hours ahead.
make tokyo --hours "$(at 538)-$(at 550) Asia/Tokyo"
ok "hours: by the clocks of the time zone" wait_for 3 becomes tokyo MATCHED
"$MPSKCTL" key edit tokyo --unset hours --quiet --redis "unix://$MPSK_REDIS_SOCKET"
make always --hours "00:00-24:00 UTC"
ok "hours: all" wait_for 3 becomes always MATCHED
is "hours: all: the session has no end" "$(session_timeout)" ""
make wrong --hours "Mo-Fr 8-18 Europe/Berlin" 2>"$lab/err" && code=0 || code=$?
is "hours: what is none is refused" "$code $(grep -c 'expected hours and a time zone' "$lab/err")" "2 1"

lab_done
done_testing
