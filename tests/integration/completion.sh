#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What bash completes for mpskctl and radmpsk.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

library=/usr/share/bash-completion/bash_completion
[ -r "$library" ] || bail_out "bash-completion is not installed: run build-aux/install-packages --test"
ctl_up
PATH=$(cd "${builddir:-.}" && pwd)/mpskctl:$(cd "${builddir:-.}" && pwd)/radmpsk:$PATH
export PATH

cat >"$dir/complete" <<'END'
# complete PROGRAM LINE: what TAB offers at the end of the line, one a line. Words are split as readline does.
. "$1"
. "$2/completions/$3"
COMP_LINE=$4
COMP_POINT=${#COMP_LINE}
mapfile -t COMP_WORDS < <(printf '%s\n' "$COMP_LINE" | sed 's/ \+/\n/g' | sed 's/=/\n=\n/; s/:/\n:\n/' | sed '/^$/{$!d}')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMPREPLY=()
compopt() { :; }
"_$3" "$3" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
END

# offers LINE: what is offered, on one line.
offers()
{
	bash --norc "$dir/complete" "$library" "${srcdir:-.}" "${1%% *}" "$1" 2>"$dir/err" | sort | paste -s -d ' ' -
	[ ! -s "$dir/err" ] || sed 's/^/stderr: /' "$dir/err"
}

redis hset 'mpsk:key:{bob}' psk correct-horse >/dev/null
redis hset 'mpsk:key:{bill}' psk correct-mule >/dev/null
redis hset 'mpsk:key:{carol}' psk correct-pony >/dev/null
redis hset mpsk:cfg:nas:ap-1 site north >/dev/null

is "verbs" "$(offers 'mpskctl k')" "key keyring kick"
is "the second word of a verb" "$(offers 'mpskctl key e')" "edit enable expiring export"
is "all of them" "$(offers 'mpskctl device ')" "add forget list"
for verb in $("$MPSKCTL" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\).*/\1/p' | sort -u); do
	like "the verb $verb" "$(offers 'mpskctl ')" "(^| )$verb( |\$)"
done
is "options of a verb" "$(offers 'mpskctl key export --sh')" "--show-psk"
is "options that take something" "$(offers 'mpskctl key list --expiring')" "--expiring-within="
is "options of all" "$(offers 'mpskctl --js')" "--json"
is "keys" "$(offers 'mpskctl key show b')" "bill bob"
is "several of them" "$(offers 'mpskctl key delete bob c')" "carol"
is "after an option" "$(offers 'mpskctl --quiet key disable --no-disconnect b')" "bill bob"
is "by another way to Redis" "$(MPSK_REDIS=unix:///none offers "mpskctl --redis unix://$sock key show b")" "bill bob"
is "a device verb wants one key" "$(offers 'mpskctl device forget bob b')" ""
is "access points" "$(offers 'mpskctl nas show a')" "ap-1"
is "formats" "$(offers 'mpskctl key import --from m')" "mist"
is "formats, with =" "$(offers 'mpskctl key import --from=m')" "mist"
touch "$dir/keys.csv"
is "files" "$(offers "mpskctl key import $dir/keys")" "$dir/keys.csv"
is "no key where Redis is away" "$(MPSK_REDIS=unix:///none offers 'mpskctl key show b')" ""
is "radmpsk: options" "$(offers 'radmpsk --pass')" "--passphrase-file="
is "radmpsk: kinds" "$(offers 'radmpsk --acct in')" "interim"

done_testing
