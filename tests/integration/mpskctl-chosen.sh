#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl key delete, disable and enable of keys that options choose; who is
# asked before; and colours, which only a terminal gets.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up
TERM=xterm
export TERM
unset NO_COLOR

# up: three keys, two of them guests'.
up()
{
	fresh
	redis hset 'mpsk:key:{ann}' psk correct-horse role guest site north >/dev/null
	redis hset 'mpsk:key:{ben}' psk correct-mule role guest site south >/dev/null
	redis hset 'mpsk:key:{cat}' psk correct-pony role staff site north >/dev/null
	before=$(digest)
}

# left: the keys that are there, and which of them are disabled.
left()
{
	for id in $(redis --raw keys 'mpsk:key:*' | sed 's/.*{\(.*\)}/\1/' | sort); do
		printf '%s%s ' "$id" "$([ "$(field "$id" enabled)" != 0 ] || echo -)"
	done
}

# tty ANSWER COMMAND: mpskctl on a terminal, where somebody types the answer. Leaves $tty and $code.
tty()
{
	code=0
	{ sleep 1; echo "$1"; } | script -qec "$2" /dev/null >"$dir/tty" 2>&1 || code=$?
	tty=$(tr -d '\r' <"$dir/tty")
}

up
for verb in delete disable enable; do
	run key $verb --role guest
	refused "key $verb, nobody to ask" 64 "no terminal to ask at: --yes"
	run key $verb --role nobody --yes
	refused "key $verb, no key is chosen" 1 "no key is chosen"
	run key $verb ann --role guest
	refused "key $verb, both ways" 64 "either ids, or options"
	run key $verb --yes
	refused "key $verb, neither" 64 "operand is missing"
	run key $verb --role guest --dry-run
	is "key $verb --dry-run" "$code $out $(digest)" "0 would $verb key ann
would $verb key ben $before"
done
tty n "'$MPSKCTL' key delete --role guest"
like "key delete on a terminal asks" "$tty" 'Delete 2 keys\? \[y/N\]'
is "and n deletes none" "$code $(left)" "1 ann ben cat "
tty y "'$MPSKCTL' key disable --role guest"
like "key disable on a terminal asks" "$tty" 'Disable 2 keys\? \[y/N\]'
is "and y disables them" "$code $(left)" "0 ann- ben- cat "
run key enable --state disabled --yes
is "key enable --yes" "$code $(left)" "0 ann ben cat "
run log --verb 'key enable' --json
ok "and the trail tells of each once" json '[.[].keys[]] == ["ann", "ben"]'
run key disable ann
is "keys by id: nobody is asked" "$code $(left)" "0 ann- ben cat "
run key delete --site north --json --yes
ok "key delete --yes --json" json '[.[] | {id, result}] == [{"id": "ann", "result": "deleted"}, {"id": "cat", "result": "deleted"}]'
is "key delete --yes deletes them" "$code $(left)" "0 ben "
up
redis hset 'mpsk:key:{bad}' psk short role guest >/dev/null
run key delete --role guest --yes
like "a malformed key is not chosen" "$err" 'warning: key bad is malformed, and not chosen'
is "and is left" "$(left)" "bad cat "

#
# --- Colours ---
#
up
escape=$(printf '\033')
tty '' "'$MPSKCTL' key list"
like "headings on a terminal" "$tty" "$escape\\[1mID$escape\\[0m"
tty '' "'$MPSKCTL' key show ann"
like "names on a terminal" "$tty" "$escape\\[1mid$escape\\[0m"
tty '' "NO_COLOR=1 '$MPSKCTL' key list"
unlike "NO_COLOR" "$tty" "$escape"
tty '' "TERM=dumb '$MPSKCTL' key list"
unlike "a dumb terminal" "$tty" "$escape"
for option in --json --tsv; do
	tty '' "'$MPSKCTL' key list $option"
	unlike "$option on a terminal" "$tty" "$escape"
done
run key list
unlike "a pipe" "$out" "$escape"
tty '' "NO_COLOR= '$MPSKCTL' key list"
is "colours are beside the text only" "$(printf '%s\n' "$tty" | sed "s/$escape\\[[01]m//g" | grep -v '^$')" "$out"

done_testing
