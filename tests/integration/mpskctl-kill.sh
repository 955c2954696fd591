#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kill -9 of mpskctl while it imports, rotates, seals, derives, deletes or does
# what is due: every key is whole, and the next run does what is left.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

kills=25
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
			if redis.call('HLEN', name) ~= (k[4] == 'old' and 10 or 11) or k[1] ~= 'Name ' .. id or k[2] ~= 'Acme' or
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

#
# --- Of keys that are there ---
#
keys=2000

# seed WITH_PMK: keys that have expired and are to be rotated, with a device each.
seed()
{
	fresh
	redis eval "for i = 1, $keys do
			local id, psk = string.format('k%04d', i), 'passphrase-' .. i
			redis.call('HSET', 'mpsk:key:{' .. id .. '}', 'psk', psk, 'ssid', 'Acme', 'note', 'flat ' .. i,
			           'created', 5, ARGV[2], ARGV[3])
			if ARGV[1] == '1' then
				redis.call('HSET', 'mpsk:key:{' .. id .. '}', 'pmk:Acme',
				           string.sub(redis.sha1hex(psk), 1, 16) .. ':' .. string.rep('0', 64))
			end
			redis.call('ZADD', 'mpsk:dev:{' .. id .. '}', 5, '00-00-5e-00-53-01')
		end" 0 "$@" >/dev/null
}

# How many keys there are; an error where any is half of what it was and half of what it was to become.
intact()
{
	redis --raw eval "local n = 0
		for _, name in ipairs(redis.call('KEYS', 'mpsk:dev:*')) do
			if redis.call('EXISTS', (string.gsub(name, 'dev', 'key'))) == 0 then
				return redis.error_reply('a device without its key: ' .. name)
			end
		end
		for _, name in ipairs(redis.call('KEYS', 'mpsk:key:*')) do
			local i = tonumber(string.match(name, '{k(.*)}'))
			local k = redis.call('HMGET', name, 'psk', 'old_psk', 'old_exp', 'rotated', 'pmk:Acme', 'ssid', 'note')
			local before = 'passphrase-' .. i
			local rotated = k[2] == before and k[3] and k[4] and k[1] ~= before
			local same = not k[2] and not k[3] and not k[4] and
			             (k[1] == before or string.sub(k[1], 1, 8) == 'enc1:k1:')
			if not rotated and not same or k[6] ~= 'Acme' or k[7] ~= 'flat ' .. i or
			   k[5] and string.sub(k[5], 1, 17) ~= string.sub(redis.sha1hex(k[1]), 1, 16) .. ':' or
			   redis.call('ZCARD', (string.gsub(name, 'key', 'dev'))) ~= 1 then
				return redis.error_reply('not whole: ' .. name)
			end
			n = n + 1
		end
		return n" 0
}

# sweep NAME KILLS SEED BEGAN COMMAND...: runs over all keys, each killed as soon as BEGAN says that it does something.
sweep()
{
	name=$1 times=$2 seed=$3 began=$4
	shift 4
	done=0
	tried=0
	left=
	while [ "$done" -lt "$times" ] && [ "$tried" -lt $((4 * times)) ]; do
		tried=$((tried + 1))
		# shellcheck disable=SC2086 # several words
		seed $seed
		"$MPSKCTL" "$@" --quiet >"$dir/out" 2>&1 &
		command=$!
		until "$began" || ! kill -0 "$command" 2>/dev/null; do :; done
		kill -9 $command 2>/dev/null
		wait $command
		# One that had ended by then counts for nothing.
		[ $? -eq 137 ] || continue
		done=$((done + 1))
		left=$(intact)
		[ "$left" -ge 0 ] 2>/dev/null || break
	done
	is "$name: $times runs were killed" "$done" "$times"
	like "$name: and every key was whole each time" "$left" '^[0-9]+$'
	redis del mpsk:lease:maintain >/dev/null
	"$MPSKCTL" "$@" --quiet >"$dir/out" 2>"$dir/err"
	like "$name: and after the next run" "$(intact)" '^[0-9]+$'
}

# Of the first keys in the order of their ids.
is_rotated() { has_field k0001 old_psk; }
is_gone() { [ "$(redis exists 'mpsk:key:{k0001}')" = 0 ]; }
is_sealed() { redis --raw eval "for i = 1, $keys do
	local psk = redis.call('HGET', string.format('mpsk:key:{k%04d}', i), 'psk')
	if psk and string.sub(psk, 1, 5) == 'enc1:' then return 1 end end return 0" 0 | grep -qx 1; }
is_derived() { redis --raw eval "for i = 1, $keys do
	if redis.call('HEXISTS', string.format('mpsk:key:{k%04d}', i), 'pmk:Acme') == 1 then return 1 end end return 0" 0 |
	grep -qx 1; }

sweep "key rotate" 15 '1 note_ x' is_rotated key rotate --all --yes
is "key rotate: all are rotated in the end" "$(redis eval "local n = 0
	for _, name in ipairs(redis.call('KEYS', 'mpsk:key:*')) do n = n + redis.call('HEXISTS', name, 'old_psk') end
	return n" 0)" $keys
sweep "maintain, which rotates" 10 '1 rotate_every 604800' is_rotated maintain --only rotate
sweep "maintain, which purges" 10 '1 exp 1700000000' is_gone maintain --only purge --purge-expired 90d
is "maintain, which purges: nothing is left in the end" "$(redis keys 'mpsk:*{k*')" ""
sweep "key derive" 10 '0 note_ x' is_derived key derive
# shellcheck disable=SC2046 # ids
sweep "key delete" 5 '1 note_ x' is_gone key delete $(seq -f 'k%04g' 1 $keys)
"$MPSKCTL" keyring init "$dir/keyring" --id k1 --quiet
MPSK_KEYRING=$dir/keyring
export MPSK_KEYRING
sweep rekey 10 '1 note_ x' is_sealed rekey

done_testing
