#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# `make bench-keys`: how long mpskctl takes over many keys, against a private
# Redis. KEYS says how many.
set -u

# shellcheck source=tests/wait.sh
. "${srcdir:?}/tests/wait.sh"

MPSKCTL=${builddir:?}/mpskctl/mpskctl
keys=${KEYS:-100000}
cores=$(nproc)
dir=$(mktemp -d "${TMPDIR:-/tmp}/mpsk-bench.XXXXXX") || exit 1
redis_pid=
# shellcheck disable=SC2317,SC2329 # the trap calls it
finish()
{
	[ -z "$redis_pid" ] || kill "$redis_pid" 2>/dev/null
	wait
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

redis-server --port 0 --unixsocket "$dir/sock" --dir "$dir" --save '' --appendonly no >"$dir/redis.log" 2>&1 &
redis_pid=$!
export MPSK_REDIS=unix://$dir/sock
answers() { [ "$(redis-cli -s "$dir/sock" ping 2>/dev/null)" = PONG ]; }
wait_for 30 answers || { cat "$dir/redis.log" >&2; exit 1; }

# row NAME LIMIT COMMAND...: seconds on the clock and of CPU, and keys a second of the clock and of one core.
row()
{
	local name=$1 limit=$2 real user sys
	shift 2
	TIMEFORMAT='%R %U %S'
	read -r real user sys < <({ time "$@" >"$dir/out" 2>"$dir/err"; } 2>&1)
	[ ! -s "$dir/err" ] || { cat "$dir/err" >&2; exit 1; }
	awk -v name="$name" -v n="$keys" -v real="$real" -v cpu="$user $sys" -v limit="$limit" 'BEGIN {
		split(cpu, part, " ")
		cpu = part[1] + part[2]
		printf "%-44s %8.2f s %8.2f s CPU %8.0f /s %8.0f /s of CPU%s\n", name, real, cpu, n / real, n / cpu, limit ? "   " limit : ""
	}'
}

awk -v n="$keys" 'BEGIN {
	print "id,name,ssid,psk,vlan,role,site"
	for (i = 0; i < n; i++)
		printf "key-%06d,Flat %d,Acme,passphrase-%06d-%d,%d,%s,%s\n", i, i, i, i * 7919 % 100003, i % 4000 + 1,
			i % 10 ? "guest" : "staff", i % 7 ? "north" : "south"
}' >"$dir/keys.csv"

echo "$keys keys, $cores cores under a load of $(cut -d' ' -f1 /proc/loadavg), $(redis-server --version | sed 's/.*v=\([^ ]*\).*/Redis \1/')"
row "import, deriving a PMK for each" "wanted: 5,000 /s of CPU with AVX-512, 2,500 with AVX2" \
	"$MPSKCTL" key import "$dir/keys.csv" --quiet
row "the same import again: nothing to do" "" "$MPSKCTL" key import "$dir/keys.csv" --quiet
row "key list --role staff --site south" "wanted: 2 s" "$MPSKCTL" key list --role staff --site south
row "key list --name 'flat 777'" "wanted: 2 s" "$MPSKCTL" key list --name 'flat 777'
row "key list --json" "" "$MPSKCTL" key list --json
row "key export" "" "$MPSKCTL" key export "$dir/keys.json" --quiet
