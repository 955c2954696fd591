# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# shellcheck disable=SC2154 # who sources it sets work
#
# Clean chroots of Debian's releases. A script that has set `work` to a folder of its own, and `here` to the folder of
# this file where it is in another one, sources it:
#	chroot_base SUITE	make $base, a tarball that is kept: a minimal system
#	chroot_base SUITE NAME SEED STAMP	another one: on that, what the shell function SEED installs in the chroot
#				$root; anew where this file or STAMP has changed
#	chroot_unpack FOLDER	make it the chroot $root, with what this machine resolves names by
#	chroot_run COMMAND [ARGUMENT...]	in $root, with namespaces of its own: what it starts and mounts ends with it
#	chroot_alone COMMAND [ARGUMENT...]	the same, without a network but loopback
#	chroot_apt ARGUMENT...	apt-get there
# What is kept stands in $XDG_CACHE_HOME/mpsk/matrix, or ~/.cache/mpsk/matrix.

cache=${XDG_CACHE_HOME:-${HOME:?}/.cache}/mpsk/matrix
here=${here:-$(cd -P "$(dirname "$0")" && pwd)}

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

need_root() {
	[ "$(id -u)" -eq 0 ] || die "only root can make a chroot"
	command -v mmdebstrap > /dev/null || die "mmdebstrap is not installed: run build-aux/install-packages --debian"
}

# The first repository of this machine's own release.
mirror_of_apt() {
	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	# shellcheck disable=SC2016 # apt-get expands them
	apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Identifier: Packages' |
		awk -v codename="$codename" '$2 == codename { print $1; exit }'
}

# How this machine's apt reaches its mirror.
apt_proxy() {
	apt-config dump | grep -E '^Acquire::(http|https)::Proxy(-Auto-Detect)? ' || :
}

# A mirror that lags behind holds a suite whose lists have run out of their week.
make_system() {
	apt_proxy > "$work/proxy"
	mmdebstrap --quiet --mode=root --variant=minbase \
		--aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Languages "none"' --aptopt="$work/proxy" \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		"$1" "$2" "${MPSK_MATRIX_MIRROR:-$(mirror_of_apt)}"
}

chroot_base() {
	base=$cache/$1${2:+-$2}.tar
	stamp=$({ cat "$here/chroot.sh"; echo "${MPSK_MATRIX_MIRROR:-$(mirror_of_apt)} ${4-}"; } | sha256sum)
	mkdir -p "$cache"
	# Two runs may want it at once.
	exec 9> "$base.lock"
	flock 9
	if [ ! -f "$base" ] || [ "$(cat "$base.stamp" 2>/dev/null)" != "$stamp" ]; then
		new=${base%.tar}.new.tar
		rm -f "$base" "$base.stamp"
		if [ -z "${2-}" ]; then
			make_system "$1" "$new"
		else
			(
				chroot_base "$1"
				chroot_unpack seed
				"$3"
			)
			tar -C "$work/seed" -cf "$new" .
			rm -rf "$work/seed"
		fi
		mv "$new" "$base"
		echo "$stamp" > "$base.stamp"
	fi
	exec 9>&-
}

# No service starts in it, and what nobody waits for is not written to the disk.
chroot_unpack() {
	root=$work/$1
	mkdir "$root"
	tar -C "$root" -xf "$base"
	cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
	printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	echo force-unsafe-io > "$root/etc/dpkg/dpkg.cfg.d/matrix"
}

# enter [UNSHARE_OPTION...] -- COMMAND...
enter() {
	unshare --mount --pid --fork --kill-child "$@" < /dev/null
}

# /dev is what the tarball has, with terminals and shared memory of its own.
# shellcheck disable=SC2016 # that shell expands them
inside='
	root=$1
	shift
	ip link set lo up 2> /dev/null || :
	mount -t proc proc "$root/proc"
	mkdir -p "$root/dev/pts" "$root/dev/shm"
	mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts "$root/dev/pts"
	ln -sf pts/ptmx "$root/dev/ptmx"
	mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
	exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		chroot "$root" "$@"
'

chroot_run() {
	enter -- sh -ec "$inside" sh "$root" "$@"
}

chroot_alone() {
	enter --net -- sh -ec "$inside" sh "$root" "$@"
}

chroot_apt() {
	chroot_run apt-get -q -y --no-install-recommends "$@"
}
