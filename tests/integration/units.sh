#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The units of systemd: they are installed where configure says, they run what
# is installed, and their environment file names variables that there are.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

MPSKCTL=${MPSKCTL:-${builddir:-.}/mpskctl/mpskctl}
env_file=${srcdir:-.}/systemd/mpskctl
[ -x "$MPSKCTL" ] || bail_out "$MPSKCTL is not built"
dir=$(mktemp -d "${TMPDIR:-/tmp}/mpskctl-test.XXXXXX") || bail_out "no directory for the test"
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

# The part of `make install` that is about units, into a folder of its own.
units()
{
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "${builddir:-.}" "$@" DESTDIR="$dir/root" prefix=/opt/mpsk \
		exec_prefix=/opt/mpsk bindir=/opt/mpsk/bin sysconfdir=/etc \
		systemdsystemunitdir=/opt/mpsk/units >"$dir/log" 2>&1 || diag "$(tail -n 5 "$dir/log")"
}

units install-nodist_systemdsystemunitDATA install-dist_systemdsystemunitDATA install-data-hook
service=$dir/root/opt/mpsk/units/mpskctl-maintain.service
timer=$dir/root/opt/mpsk/units/mpskctl-maintain.timer
env=$dir/root/etc/default/mpskctl
ok "the service is installed" test -f "$service"
ok "the timer is installed" test -f "$timer"
like "the service runs what is installed" "$(cat "$service")" '^ExecStart=/.*/bin/mpskctl maintain$'
unlike "no name of the template is left" "$(cat "$service")" '@(bindir|mpskctlenv)@'
ok "the environment file is installed" cmp -s "$env" "$env_file"
echo MPSK_REDIS=redis://192.0.2.1 >"$env"
units install-data-hook
is "one that was filled in stays" "$(cat "$env")" MPSK_REDIS=redis://192.0.2.1

{ "$MPSKCTL" --help; "$MPSKCTL" maintain --help; } >"$dir/help"
# shellcheck disable=SC2013 # words are names
for name in $(sed -n 's/^#\(MPSK_[A-Z_]*\)=.*/\1/p' "$env_file"); do
	like "$name is a variable of mpskctl" "$(cat "$dir/help")" "\\\$$name\\>"
done

done_testing
