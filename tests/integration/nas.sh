# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # the tests use these variables, and set others
#
# Access points that take Disconnect-Requests (tests/nas/fake_nas), and
# sessions as accounting writes them. $dir is the test's folder, and what is
# in $pids is ended with the test.

FAKE_NAS=${FAKE_NAS:-${builddir:-.}/tests/nas/fake_nas}

# nas_up NAME [MODE]: starts one, whose devices stand in $dir/NAME.on, and which tells $dir/NAME.log what it was asked.
# Its port is in $port.
nas_up()
{
	[ -x "$FAKE_NAS" ] || bail_out "$FAKE_NAS is not built"
	: >>"$dir/$1.on"
	: >"$dir/$1.log"
	"$FAKE_NAS" testing123 "$dir/$1.on" "${2-}" >"$dir/$1.log" &
	nas_pid=$!
	pids="$pids $nas_pid"
	wait_for 30 [ -s "$dir/$1.log" ] || bail_out "the fake NAS does not start"
	port=$(head -n 1 "$dir/$1.log")
}

# nas_down: ends the last one that was started.
nas_down()
{
	kill "$nas_pid" 2>/dev/null
	wait "$nas_pid" 2>/dev/null
}

# asked NAME: what it was asked, a line each, without the time.
asked()
{
	sed -e 1d -e 's/^[0-9]* //' "$dir/$1.log"
}

# session KEY NAS SID MAC [MEMBERS]: a device that is on; MEMBERS are more of the record, as `"vlan":20`.
session()
{
	session_now=$(date +%s)
	redis hset "mpsk:sess:{$1}" "$2/$3" "{\"mac\":\"$4\",\"address\":\"127.0.0.1\",\"since\":$session_now,\
\"seen\":$session_now${5:+,$5}}" >/dev/null
	redis hset "mpsk:nas:$2" "$3" "$1" >/dev/null
	redis zadd "mpsk:dev:{$1}" "$session_now" "$4" >/dev/null
	echo "$4 $3" >>"$dir/$2.on"
}

# member KEY NAS SID NAME: of a session's record, or null.
member()
{
	redis --raw hget "mpsk:sess:{$1}" "$2/$3" | jq -r ".$4" 2>/dev/null
}
