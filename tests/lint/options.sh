#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every option is described where its user looks for it: those of the module
# in raddb/mods-available/mpsk, those of a command in its --help and, where
# there is a page of that name, in docs/reference.
set -u
cd "${srcdir:?}" || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

# From `CONF_PARSER name[] = {` to its end, the first string of each row; module_rows 1: of those that are subsections.
module_rows() {
	awk -v sections="$1" '
	     /CONF_PARSER .*\[\] = \{/ { inside = 1; next }
	     inside && /^\};/ { inside = 0 }
	     inside && /^[ \t]*\{ "/ && /PW_TYPE_SUBSECTION/ == sections { split($0, part, "\""); print part[2] }
	     ' rlm_mpsk/*.c rlm_mpsk/*/*.c | sort -u
}

sample=raddb/mods-available/mpsk
options=$(module_rows 0)
sections=$(module_rows 1)
is "the module has options" "$([ -n "$options" ] && echo yes)" yes
for option in $options; do
	like "$sample describes $option: a line '#  $option:: ...'" "$(cat "$sample")" "^[[:space:]]*#[[:space:]]+$option::"
	like "$sample sets $option, or has it commented out: '$option = ...'" "$(cat "$sample")" \
		"^#?[[:space:]]+$option = "
done

for section in $sections; do
	like "$sample describes $section: a line '#  $section:: ...'" "$(cat "$sample")" "^[[:space:]]*#[[:space:]]+$section::"
	like "$sample has the section, or has it commented out: '$section {'" "$(cat "$sample")" \
		"^#?[[:space:]]+$section \\{"
done

described=$(sed -n 's/^[[:space:]]*#[[:space:]]*\([a-z0-9_]*\)::.*/\1/p' "$sample" | sort -u)
is "$sample describes no option that the module does not have" "$described" \
	"$(printf '%s\n' "$options" "$sections" | sort -u)"

# Long options are strings in C tables: { "json", ... } of argp or getopt; both fill the name first or as .name.
command_options() {
	cat "$1"/*.c "$1"/*/*.c 2>/dev/null |
		awk '/(struct argp_option|struct option) .*\[\] = \{/ { inside = 1; next }
		     inside && /^[ \t]*\};/ { inside = 0 }
		     inside && /OPTION_HIDDEN/ { next }
		     inside && /\{ *(\.name *= *)?"/ { split($0, part, "\""); print part[2] }' | sort -u
}

# What the command and each of its verbs say of themselves.
help_of() {
	"${builddir:?}/$1/$1" --help
	[ "$1" != mpskctl ] || for verb in "key add" "key list" "key expiring" "key show" "key qr" "key mail" "key edit" \
		"key rotate" "key delete" "key enable" "key disable" "key derive" "key import" "key export" "device list" \
		"device add" "device forget" "keyring init" "keyring add" "keyring list" alerts clients kick "nas set" "nas show" "nas list" \
		"nas remove" rekey log watch why top metrics maintain doctor ping; do
		# shellcheck disable=SC2086 # two words
		"$builddir/$1/$1" $verb --help
	done
}

for command in mpskctl radmpsk; do
	options=$(command_options "$command")
	help=$(help_of "$command" 2>&1)
	is "$command has options" "$([ -n "$options" ] && echo yes)" yes
	for option in $options; do
		like "$command --help describes --$option" "$help" "--$option([^a-z0-9-]|\$)"
		page=docs/reference/$command.md
		[ ! -f "$page" ] || like "$page describes --$option" "$(cat "$page")" "--$option([^a-z0-9-]|\$)"
	done
done

done_testing
