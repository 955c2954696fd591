# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # the tests use these variables, and set others
#
# For tests of mpskctl against a private Redis: after tests/tap.sh,
#	. tests/integration/ctl.sh
#	ctl_up			starts Redis, and stops it however the test ends
#	...
#	done_testing

MPSKCTL=${MPSKCTL:-${builddir:-.}/mpskctl/mpskctl}
tab=$(printf '\t')

# What is in $pids when the test ends is ended too.
ctl_up()
{
	[ -x "$MPSKCTL" ] || bail_out "$MPSKCTL is not built"
	for tool in redis-server redis-cli jq script; do
		command -v "$tool" >/dev/null || bail_out "$tool is not installed"
	done
	pids=
	dir=$(mktemp -d "${TMPDIR:-/tmp}/mpskctl-test.XXXXXX") || bail_out "no directory for the test"
	trap ctl_exit EXIT
	trap 'exit 1' HUP INT TERM
	sock=$dir/redis.sock
	"${MPSK_REDIS_SERVER:-redis-server}" --port 0 --unixsocket "$sock" --dir "$dir" --save '' --appendonly no \
		>"$dir/redis.log" 2>&1 &
	redis_pid=$!
	pids=$redis_pid
	wait_for 30 redis_answers || bail_out "redis-server does not start: $(cat "$dir/redis.log")"

	MPSK_REDIS=unix://$sock
	TZ=UTC
	LC_ALL=C.UTF-8
	export MPSK_REDIS TZ LC_ALL
	unset POSIXLY_CORRECT
}

# shellcheck disable=SC2317,SC2329 # the trap calls it
ctl_exit()
{
	for pid in $pids; do
		kill -CONT "$pid" 2>/dev/null
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	rm -rf "$dir"
}

redis()
{
	redis-cli -s "$sock" "$@"
}

redis_answers()
{
	[ "$(redis ping 2>/dev/null)" = PONG ]
}

# Runs mpskctl; leaves its standard output, error and exit code in $out, $err and $code.
run()
{
	code=0
	out=$("$MPSKCTL" "$@" 2>"$dir/err" </dev/null) || code=$?
	err=$(cat "$dir/err")
}

# The same with a text for the standard input, which printf %b makes of the first argument.
run_with()
{
	printf '%b' "$1" >"$dir/in"
	shift
	code=0
	out=$("$MPSKCTL" "$@" 2>"$dir/err" <"$dir/in") || code=$?
	err=$(cat "$dir/err")
}

# exits NAME CODE: how the last run ended.
exits()
{
	if [ "$code" -eq "$2" ]; then
		pass "$1: exit $2"
	else
		fail "$1: exit $2" "exit $code
stdout: $out
stderr: $err"
	fi
}

# One number for all that the store holds. A hash that is merely read may come to be dumped in another order.
digest()
{
	redis eval "local names, all = redis.call('KEYS', '*'), {}
		table.sort(names)
		for _, name in ipairs(names) do
			local hash = redis.call('TYPE', name).ok == 'hash'
			local fields = hash and redis.call('HKEYS', name) or {}
			table.sort(fields)
			all[#all + 1] = name .. (hash and '' or redis.call('DUMP', name))
			for _, field in ipairs(fields) do all[#all + 1] = field .. '=' .. redis.call('HGET', name, field) end
		end
		return redis.sha1hex(table.concat(all))" 0
}

# refused NAME CODE ERE: the last run ended with this code and message, printed no result, and wrote nothing
# since $before was taken.
refused()
{
	exits "$1" "$2"
	like "$1: says why" "$err" "$3"
	is "$1: no result" "$out" ""
	is "$1: nothing was written" "$(digest)" "$before"
}

field()
{
	redis --raw hget "mpsk:key:{$1}" "$2"
}

has_field()
{
	[ "$(redis hexists "mpsk:key:{$1}" "$2")" = 1 ]
}

pmk_fields()
{
	redis --raw hkeys "mpsk:key:{$1}" | grep '^pmk:' | sort | tr '\n' ' '
}

# fresh: an empty store.
fresh()
{
	redis flushall >/dev/null
}

json()
{
	printf '%s\n' "$out" | jq -c -e "$1" 2>&1
}
