#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The layers are one-way: each folder includes only what stands beside it
# here. The first list is of our own folders, the second of libraries. A
# folder's own headers may go by their bare names.
set -u
cd "${srcdir:?}" || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

# layer FOLDER "OUR FOLDERS" "LIBRARIES"
layer() {
	if [ ! -d "$1" ]; then
		fail "$1 is there"
		return
	fi
	found=$(find "$1" -name '*.[ch]' | sort | while read -r file; do
		awk -v file="$file" -v folders=" $2 " -v libraries=" $3 " '
			function library(path) {
				if (path ~ /^freeradius(-devel)?\//) return "freeradius"
				if (path ~ /^openssl\//) return "openssl"
				if (path ~ /^hiredis\//) return "hiredis"
				return path ~ /^(talloc|jansson|microhttpd)\.h$/ ? substr(path, 1, index(path, ".") - 1) : "libc"
			}
			function wrong(why) { print file ":" FNR ": " $0 ": " why }
			/^[ \t]*#[ \t]*include[ \t]*"/ {
				split($0, part, "\""); path = part[2]
				folder = substr(path, 1, index(path, "/") - 1)
				beside = file
				sub(/[^\/]*$/, path, beside)
				if (folder == "" && (getline line < beside) >= 0) next
				if (folder == "") wrong("include it by its layer path, \"folder/" path "\"")
				else if (!index(folders, " " folder " "))
					wrong("this layer may include only" folders "; move the code, or pass what it needs as a parameter")
			}
			/^[ \t]*#[ \t]*include[ \t]*</ {
				split($0, part, /[<>]/); name = library(part[2])
				if (name != "libc" && !index(libraries, " " name " "))
					wrong("this layer may use only libc" (libraries ~ /[^ ]/ ? " and" libraries : "") \
					      "; a layer above it may do this")
			}' "$file"
	done)
	is "$1 includes only what the layers allow" "$found" ""
}

layer libmpsk/base "base" ""
layer libmpsk/wpa "base wpa" "openssl"
layer libmpsk/radius "base wpa radius" "openssl"
layer libmpsk/match "base wpa match" "openssl"
layer libmpsk/key "base wpa key" "openssl talloc jansson"
layer libmpsk/index "base wpa match key index" "talloc"
layer libmpsk/store "base wpa key store" "hiredis openssl talloc"
layer libmpsk/policy "base wpa match key index store policy" "talloc"
layer libmpsk/metrics "base key metrics" "talloc"
layer rlm_mpsk "base wpa key index store policy metrics rlm_mpsk" "freeradius talloc microhttpd"
layer rlm_mpsk/dialect "base wpa policy rlm_mpsk" ""
layer mpskctl "base wpa radius match key store metrics mpskctl" "talloc jansson"
layer radmpsk "base wpa radius key store radmpsk" "openssl talloc jansson"

done_testing
