#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is written down twice says the same: the version of configure.ac, in
# NEWS and in Debian's changelog; the packages of build-aux/install-packages,
# in debian/control.
set -u
cd "${srcdir:?}" || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

version=$(sed -n 's/^AC_INIT(\[mpsk\], \[\([^]]*\)\].*/\1/p' configure.ac)
like "configure.ac names a version" "$version" '^[0-9]+\.[0-9]+\.[0-9]+$'
is "the first version in NEWS is that of configure.ac" "$(grep -m 1 -E '^[0-9]+\.' NEWS)" "$version"
is "the first version in debian/changelog is that of configure.ac, and a revision" \
	"$(sed -n '1s/^mpsk (\(.*\)-[0-9.]*) .*/\1/p' debian/changelog)" "$version"

# list NAME: the words of a variable of install-packages, which may go on in a second line.
list() {
	awk -v name="$1" '
		index($0, name "=\"") == 1 { on = 1; sub(/^[^"]*"/, "") }
		on { end = /"$/; sub(/"$/, ""); gsub(/[ \t]+/, "\n"); print; if (end) exit }' build-aux/install-packages | grep .
}

# Those that are in build-essential, which every build has.
essential='^(gcc|libc6-dev|make)$'
depends=$(sed -n '/^Build-Depends:/,/^$/ { s/^Build-Depends://; s/[,|]/\n/g; p }' debian/control | awk '{ print $1 }')
for name in build libraries servers tests; do
	like "install-packages has a list $name" "$(list $name)" '^[a-z]'
	for package in $(list $name | grep -vE "$essential"); do
		like "debian/control builds with $package" "$depends" "^$package\$"
	done
done

done_testing
