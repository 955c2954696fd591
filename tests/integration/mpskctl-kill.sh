#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kill -9 of mpskctl while it imports: every key is whole, and the next run
# does what is left.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

kills=50
step=40		# keys that an import has time for, before it is killed
lines=$((kills * step * 8))

# file ROLE VLAN
file()
{
	echo id,name,ssid,psk,role,vlan,note
	awk -v n=$lines -v role="$1" -v vlan="$2" 'BEGIN {
		for (i = 0; i < n; i++) printf "k%d,Name %d,Acme,%s-passphrase-%d,%s,%d,flat %d\n", i, i, role, i, role, vlan, i
	}'
}

# How many keys of a role there are; an error where any key is not whole: all fields of one file, and their PMK.
whole()
{
	redis --raw eval "local n = 0
		for _, name in ipairs(redis.call('KEYS', 'mpsk:key:*')) do
			local id = string.match(name, '{k(.*)}')
			local k = redis.call('HMGET', name, 'name', 'ssid', 'psk', 'role', 'vlan', 'note', 'pmk:Acme')
			local vlan = k[4] == 'old' and '10' or '20'
			if redis.call('HLEN', name) ~= 10 or k[1] ~= 'Name ' .. id or k[2] ~= 'Acme' or
			   k[3] ~= k[4] .. '-passphrase-' .. id or k[5] ~= vlan or k[6] ~= 'flat ' .. id or
			   string.sub(k[7], 1, 17) ~= string.sub(redis.sha1hex(k[3]), 1, 16) .. ':' or #k[7] ~= 81 then
				return redis.error_reply('not whole: ' .. name)
			end
			if k[4] == ARGV[1] then n = n + 1 end
		end
		return n" 0 "$1"
}

# Whether line number N of that role is written, or the import has ended. Asked without a pause, for it is fast.
wrote()
{
	[ "$(field "k$2" role)" = "$1" ] || ! kill -0 "$import" 2>/dev/null
}

# killed ROLE OPTION...: imports of the file of that role, each killed once it wrote some keys.
killed()
{
	role=$1
	shift
	done=0
	written=0
	while [ "$done" -lt "$kills" ]; do
		"$MPSKCTL" key import "$dir/$role.csv" --quiet "$@" >"$dir/out" 2>&1 &
		import=$!
		until wrote "$role" $((written + step)); do :; done
		kill -9 $import 2>/dev/null
		wait $import
		[ $? -eq 137 ] || break
		done=$((done + 1))
		written=$(whole "$role")
		[ "$written" -ge 0 ] 2>/dev/null || break
	done
	is "$role: $kills imports were killed" "$done" "$kills"
	like "$role: and every key was whole each time" "$written" '^[0-9]+$'
	ok "$role: they had not done all" [ "$written" -lt "$lines" ]
	run key import "$dir/$role.csv" "$@"
	exits "$role: the next import does the rest" 0
	is "$role: all keys are there, and whole" "$(whole "$role")" "$lines"
}

ctl_up
file old 10 >"$dir/old.csv"
file new 20 >"$dir/new.csv"
killed old
killed new --update

done_testing
