# SPDX-License-Identifier: GPL-2.0-or-later
#
# MPSK_FREERADIUS
#
# Offer the options of where FreeRADIUS is, and find headers that a module
# compiles with: those that are installed are not complete, and
# build-aux/freeradius-headers says why. Sets freeradiuslibdir, raddbdir,
# FREERADIUS_HEADERS and FREERADIUS_CFLAGS.
AC_DEFUN([MPSK_FREERADIUS], [
AC_ARG_WITH([freeradius-source],
	[AS_HELP_STRING([--with-freeradius-source=DIR],
		[FreeRADIUS source tree of the installed version [Debian's source package]])])
AC_ARG_WITH([freeradius-headers],
	[AS_HELP_STRING([--with-freeradius-headers=DIR],
		[folder that holds freeradius/*.h, complete [made by this script]])])
AC_ARG_WITH([freeradius-libdir],
	[AS_HELP_STRING([--with-freeradius-libdir=DIR], [where the server looks for modules [/usr/lib/freeradius]])],
	[freeradiuslibdir=$withval], [freeradiuslibdir=/usr/lib/freeradius])
AC_ARG_WITH([freeradius-raddb],
	[AS_HELP_STRING([--with-freeradius-raddb=DIR], [the server's configuration [/etc/freeradius/3.0]])],
	[raddbdir=$withval], [raddbdir=/etc/freeradius/3.0])
AC_SUBST([freeradiuslibdir])
AC_SUBST([raddbdir])

AC_MSG_CHECKING([for the FreeRADIUS headers])
AS_IF([test -n "$with_freeradius_headers"], [FREERADIUS_HEADERS=$with_freeradius_headers],
	[FREERADIUS_HEADERS=$PWD/freeradius-headers
	"$srcdir/build-aux/freeradius-headers" ${with_freeradius_source:+--source "$with_freeradius_source"} \
		"$FREERADIUS_HEADERS" >&AS_MESSAGE_LOG_FD 2>&1])
FREERADIUS_CFLAGS="-isystem $FREERADIUS_HEADERS -DNDEBUG"
mpsk_save_CPPFLAGS=$CPPFLAGS
CPPFLAGS="$CPPFLAGS $FREERADIUS_CFLAGS $TALLOC_CFLAGS"
AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[
#include <freeradius/build.h>
#include <freeradius/radiusd.h>
#include <freeradius/modules.h>
]], [[return sizeof(module_t) == 0;]])],
	[AC_MSG_RESULT([$FREERADIUS_HEADERS])],
	[AC_MSG_RESULT([no])
	AC_MSG_ERROR([freeradius/modules.h does not compile.
Debian's libfreeradius-dev leaves out headers that a module needs, and they could not be added from
Debian's source package (config.log says why). Either install libfreeradius-dev and see that apt can
reach its mirror, or get the source of the installed FreeRADIUS and pass --with-freeradius-source=DIR.])])
CPPFLAGS=$mpsk_save_CPPFLAGS
AC_SUBST([FREERADIUS_HEADERS])
AC_SUBST([FREERADIUS_CFLAGS])
])
