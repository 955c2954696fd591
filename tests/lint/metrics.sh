#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One table has every metric, libmpsk/metrics/table.c: docs/reference/metrics.md
# says the same of each, and what the dashboard and the how-to name is there.
set -u
cd "${srcdir:?}" || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

command -v jq > /dev/null || bail_out "jq is not installed: run build-aux/install-packages --test"

table=libmpsk/metrics/table.c
page=docs/reference/metrics.md
dashboard=docs/grafana/mpsk.json
how_to=docs/how-to/monitor.md

# "| `name` | counter | `label`, `label` | help |", a line a metric, in the order of the table.
rows()
{
	perl -0777 -ne '
		while (/\bROW\((\w+), (\w+), "(\w+)",\s*"([^"]*)",\s*([^)]*)\)/g) {
			my ($type, $name, $help, $labels) = (lc $2, $3, $4, $5);
			my @labels = map { "`$_`" } $labels =~ /"(\w+)"/g;
			print "| `$name` | $type | ", join(", ", @labels), (@labels ? " " : ""), "| $help |\n";
		}' "$table"
}

# What may be asked for: histograms by their three parts.
# shellcheck disable=SC2016 # Markdown's quotes
names()
{
	rows | sed -n 's/^| `\([a-z_]*\)` | histogram .*/\1_bucket \1_sum \1_count/p; s/^| `\([a-z_]*\)` | [cg].*/\1/p' | tr ' ' '\n'
}

# names_in TEXT: those that it names and that are none.
strangers()
{
	grep -o 'mpsk_[a-z_]*' "$1" | sort -u | while read -r name; do
		names | grep -qx "$name" || echo "$name"
	done
}

is "the table is read: as many metrics as it has rows" "$(rows | wc -l)" "$(grep -c '^	ROW(' "$table")"
is "$page has each metric as $table has it, and no other" "$(grep '^| `mpsk_' "$page")" "$(rows)"
is "help is a sentence" "$(rows | grep -v '\. |$')" ""
is "counters end in _total" "$(rows | grep '| counter |' | grep -v '_total`')" ""

is "$dashboard is JSON" "$(jq -r type "$dashboard" 2>&1)" object
is "$dashboard has panels, and each asks for something" \
	"$(jq '[.panels[] | select(.type != "row")] | length > 0 and all(.targets | length > 0)' "$dashboard")" true
is "$dashboard asks for metrics that there are" "$(strangers "$dashboard")" ""
is "$how_to names metrics that there are" "$(strangers "$how_to")" ""

done_testing
