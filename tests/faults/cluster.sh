#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# A cluster of three primaries with a replica each, under load: slots move, one
# is left open with half of a key moved, a primary is killed and comes back.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh
. tests/faults/rig.sh

base=$(free_ports 12) || bail_out "no 12 free ports"
cap=100

node_cluster()
{
	node "$1" --bind 127.0.0.1 --port $((base + $1)) --cluster-port $((base + 6 + $1)) --dir "$lab/node.$1" \
		--save '' --appendonly no --cluster-enabled yes --cluster-node-timeout 2000 \
		--cluster-require-full-coverage no --cluster-allow-replica-migration no --repl-diskless-sync-delay 0
}

# says NODE TEXT COMMAND...
says()
{
	says_n=$1
	says_what=$2
	shift 2
	at "$says_n" "$@" | tr -d '\r' | grep -q "$says_what"
}

# all_say N TEXT COMMAND...: the first N nodes do.
all_say()
{
	all_n=0
	all_end=$1
	shift
	while [ $all_n -lt "$all_end" ]; do
		says $all_n "$@" || return 1
		all_n=$((all_n + 1))
	done
}

replicas_up()
{
	says 3 master_link_status:up info replication && says 4 master_link_status:up info replication &&
		says 5 master_link_status:up info replication
}

cluster_up()
{
	for n in 0 1 2 3 4 5; do
		node_cluster $n
	done
	for n in 0 1 2 3 4 5; do
		wait_for 20 says $n PONG ping || bail_out "a node did not start"
		at $n cluster set-config-epoch $((n + 1)) > /dev/null
		[ $n -eq 0 ] || at $n cluster meet 127.0.0.1 "$base" $((base + 6)) > /dev/null
	done
	at 0 cluster addslotsrange 0 5460 > /dev/null
	at 1 cluster addslotsrange 5461 10921 > /dev/null
	at 2 cluster addslotsrange 10922 16383 > /dev/null
	ok "the nodes know each other" wait_for 30 all_say 6 cluster_known_nodes:6 cluster info
	for n in 3 4 5; do
		at $n cluster replicate "$(at $((n - 3)) cluster myid)" > /dev/null
	done
	ok "the replicas are there" wait_for 30 replicas_up
	ok "all slots are known" wait_for 30 all_say 6 cluster_slots_ok:16384 cluster info
	ok "the cluster is whole" wait_for 30 all_say 6 cluster_state:ok cluster info
}

# The node that has a key.
owner()
{
	for owner_n in 0 1 2 3 4 5; do
		[ "$(at $owner_n exists "mpsk:key:{$1}")" != 1 ] || echo $owner_n
	done
}

another_has()
{
	another=$(owner "$1")
	[ -n "$another" ] && [ "$another" != "$2" ]
}

# crowd_in NAME FIRST LAST: sets crowd to a name whose slot lies there.
crowd_in()
{
	crowd_n=0
	while :; do
		crowd=$1$crowd_n
		crowd_n=$((crowd_n + 1))
		slot=$(at 0 cluster keyslot "$crowd")
		[ "$slot" -lt "$2" ] || [ "$slot" -gt "$3" ] || break
	done
}

joined_by()
{
	joined_as "0 MATCHED" "a passphrase of $1" "$2"
}

# More new devices than the cap, and those that are known.
crowd_come()
{
	at 1 -c hset "mpsk:key:{$crowd}" ssid Acme psk "a passphrase of $crowd" max $cap > /dev/null
	key_in_force "$crowd"
	load "$crowd" "a passphrase of $crowd" 20 8 --macs random
	load_known 200 8
	sleep 1
}

# crowd_gone MAC: of a device that has not come yet.
crowd_gone()
{
	load_unharmed
	load_end "$crowd"
	load_is "$crowd" "new devices are answered within $fault_ms ms" \
		".accepted > 0 and .wrong == 0 and .lost == 0 and .latency_ms.max <= $fault_ms"
	no_more_than_cap "$crowd" "at 1 -c" $cap
	ok "$crowd: and another key's new device is let in" wait_for 15 joined_by ann "$1"
}

# slot_opens FROM TO
slot_opens()
{
	at "$2" cluster setslot "$slot" importing "$(at "$1" cluster myid)" > /dev/null
	at "$1" cluster setslot "$slot" migrating "$(at "$2" cluster myid)" > /dev/null
}

# slot_closes FROM TO
slot_closes()
{
	slot_id=$(at "$2" cluster myid)
	at "$2" cluster setslot "$slot" node "$slot_id" > /dev/null
	at "$1" cluster setslot "$slot" node "$slot_id" > /dev/null
}

fault_options="$fault_options
redis = \"redis+cluster://127.0.0.1:$base,127.0.0.1:$((base + 2)),127.0.0.1:$((base + 4))\""
fault_up
cluster_up
at 1 -c hset 'mpsk:key:{bob}' ssid Acme psk "$fault_psk" > /dev/null
at 1 -c hset 'mpsk:key:{ann}' ssid Acme psk "a passphrase of ann" max 0 > /dev/null
key_in_force ann
devices_known

# --- Slots move ---

reshard()
{
	timeout 60 "$MPSK_REDIS_CLI" --cluster reshard "127.0.0.1:$base" --cluster-yes --cluster-from "$reshard_from" \
		--cluster-to "$reshard_to" --cluster-slots 1000 > "$lab/reshard.log" 2>&1
}

crowd_in reshard 0 999
crowd_come
reshard_from=$(at 0 cluster myid)
reshard_to=$(at 1 cluster myid)
ok "a thousand slots are moved" reshard
crowd_gone 00-00-5e-00-53-b1
is "$crowd: it has moved" "$(owner "$crowd")" 1

# --- A slot is left open ---

crowd_in open 12000 16383
crowd_come
slot_opens 2 1
sleep 1
at 2 migrate 127.0.0.1 $((base + 1)) "mpsk:dev:{$crowd}" 0 5000 > /dev/null
sleep 2
at 2 migrate 127.0.0.1 $((base + 1)) "mpsk:key:{$crowd}" 0 5000 > /dev/null
sleep 2
is "$crowd: nobody has ended it yet" "$(at 2 cluster nodes | grep -c "\[$slot->-")" 1
slot_closes 2 1
crowd_gone 00-00-5e-00-53-b2
is "$crowd: it has moved" "$(owner "$crowd")" 1

# --- A primary is killed ---

crowd_in kill 12000 16383
crowd_come
kill -KILL "$node_pid_2"
wait "$node_pid_2" 2>/dev/null
ok "a primary is killed: another has its keys within 30 s" wait_for 30 another_has "$crowd" 2
node_cluster 2
ok "it comes back as a replica" wait_for 30 says 2 master_link_status:up info replication
crowd_gone 00-00-5e-00-53-b3

none_was_missing

fault_done
