#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC1091,SC2154 # DIR/env is there when it runs, and sets them
#
# The lab itself: two side by side, each stopped alone, nothing left behind.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh

one=$(mktemp -d)
two=$(mktemp -d)
export MPSK_BUILD="${builddir:?}"
# shellcheck disable=SC2317,SC2329 # the trap calls it
end()
{
	tests/lab down "$one"
	tests/lab down "$two/three"
	tests/lab down "$two"
	rm -rf "$one" "$two"
}
trap end EXIT
trap 'exit 1' HUP INT TERM

asks()
{
	(
		. "$1/env"
		[ "$("$MPSK_REDIS_CLI" -u "$MPSK_REDIS" ping)" = PONG ] &&
			echo 'Message-Authenticator = 0x00' |
			"$RADCLIENT" -q -r 1 -t 1 "$MPSK_RADIUS" status "$MPSK_SECRET"
	) > /dev/null 2>&1
}

value()
{
	(. "$1/env" && eval "echo \"\$$2\"")
}

ok "one comes up" tests/lab up "$one"
ok "two comes up beside it" env MPSK_LAB_SECRET="it's a \"secret\"" tests/lab up "$two"
ok "one answers" asks "$one"
is "a secret with quotes is what it was" "$(value "$two" MPSK_SECRET)" "it's a \"secret\""
ok "two answers, asked with it" asks "$two"
for name in MPSKCTL RADMPSK RADCLIENT MPSK_REDIS_CLI; do
	ok "$name is an absolute path of a program" [ -x "$(value "$one" "$name")" ]
	like "$name begins with /" "$(value "$one" "$name")" '^/'
done
is "nobody else may read it" "$(find "$one" ! -type l -perm /077)" ""
not_ok "a second up in the same folder is refused" tests/lab up "$one" 2> /dev/null
ok "and harms nothing" asks "$one"

port=$(value "$one" MPSK_RADIUS | sed 's/.*://')
three=$two/three
not_ok "a port that is taken is an error" env MPSK_LAB_PORT="$port" tests/lab up "$three" 2> /dev/null
is "that leaves nothing behind" "$(find "$three/run" -name '*.pid')" ""
not_ok "an option that the module does not have is an error" env MPSK_LAB_SET='colour = blue' tests/lab up "$three" 2> /dev/null
not_ok "a value that it does not take is one" env MPSK_LAB_SET='redis = "http://localhost"' tests/lab up "$three" 2> /dev/null

ok "one goes down" tests/lab down "$one"
not_ok "one is gone" asks "$one"
ok "two answers still" asks "$two"
ok "one goes down once more, and nothing is wrong with that" tests/lab down "$one"

kill -KILL "$(value "$two" MPSK_RADIUS_PID)"
killed()
{
	! tests/lab status "$two" > /dev/null
}
ok "status tells of a server that died" wait_for 5 killed
not_ok "and so does down" tests/lab down "$two" 2> /dev/null
is "no process is left" "$(find "$one/run" "$two/run" -name '*.pid')" ""

done_testing
