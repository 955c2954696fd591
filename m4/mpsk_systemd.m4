# SPDX-License-Identifier: GPL-2.0-or-later
#
# MPSK_SYSTEMD
#
# Offer --with-systemdsystemunitdir. Without it, what goes to /usr takes the
# folder that systemd's pkg-config file names; anything else, the one beneath
# its prefix, which systemd reads for /usr/local. Sets systemdsystemunitdir
# and the conditional SYSTEMD.
AC_DEFUN([MPSK_SYSTEMD], [
AC_ARG_WITH([systemdsystemunitdir],
	[AS_HELP_STRING([--with-systemdsystemunitdir=DIR],
		[where systemd looks for units; no: install none [as pkg-config says, or PREFIX/lib/systemd/system]])],
	[systemdsystemunitdir=$withval],
	[systemdsystemunitdir='${prefix}/lib/systemd/system'
	AS_IF([test "x$prefix" = x/usr],
		[systemdsystemunitdir=`$PKG_CONFIG --variable=systemdsystemunitdir systemd` || systemdsystemunitdir=no])])
AS_IF([test "x$systemdsystemunitdir" = xyes], [AC_MSG_ERROR([--with-systemdsystemunitdir wants a folder, or no])])
AC_SUBST([systemdsystemunitdir])
AM_CONDITIONAL([SYSTEMD], [test -n "$systemdsystemunitdir" && test "x$systemdsystemunitdir" != xno])
])
