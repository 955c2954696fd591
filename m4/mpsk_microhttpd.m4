# SPDX-License-Identifier: GPL-2.0-or-later
#
# MPSK_MICROHTTPD
#
# Look for libmicrohttpd, and offer --with-microhttpd, which insists on it,
# and --without-microhttpd. A module without it knows the option
# metrics_listen and refuses it. Sets the conditional MICROHTTPD.
AC_DEFUN([MPSK_MICROHTTPD], [
AC_ARG_WITH([microhttpd],
	[AS_HELP_STRING([--without-microhttpd], [build the module without metrics_listen])],
	[], [with_microhttpd=check])
AS_IF([test "x$with_microhttpd" != xno], [
	PKG_CHECK_MODULES([MICROHTTPD], [libmicrohttpd >= 0.9.74], [
		AC_DEFINE([HAVE_MICROHTTPD], [1], [libmicrohttpd is there])
		with_microhttpd=yes
	], [
		AS_IF([test "x$with_microhttpd" = xyes],
			[AC_MSG_ERROR([libmicrohttpd 0.9.74 is missing (Debian: libmicrohttpd-dev)])])
		AC_MSG_WARN([libmicrohttpd is missing (Debian: libmicrohttpd-dev): the module will not know metrics_listen])
		with_microhttpd=no
	])
])
AM_CONDITIONAL([MICROHTTPD], [test "x$with_microhttpd" = xyes])
])
