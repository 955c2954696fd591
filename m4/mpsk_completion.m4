# SPDX-License-Identifier: GPL-2.0-or-later
#
# MPSK_COMPLETION
# ---------------
# Offer --with-bash-completion-dir. Without it, what goes to /usr takes the
# folder that bash-completion's pkg-config file names; anything else, the one
# beneath its prefix. Sets bashcompletiondir, and the automake conditional
# COMPLETION: whether there is one.
AC_DEFUN([MPSK_COMPLETION], [
AC_ARG_WITH([bash-completion-dir],
	[AS_HELP_STRING([--with-bash-completion-dir=DIR],
		[where bash looks for completions; no: install none [as pkg-config says, or DATADIR/bash-completion/completions]])],
	[bashcompletiondir=$withval],
	[bashcompletiondir='${datadir}/bash-completion/completions'
	AS_IF([test "x$prefix" = x/usr && $PKG_CONFIG --exists bash-completion],
		[bashcompletiondir=`$PKG_CONFIG --variable=completionsdir bash-completion`])])
AS_IF([test "x$bashcompletiondir" = xyes], [AC_MSG_ERROR([--with-bash-completion-dir wants a folder, or no])])
AC_SUBST([bashcompletiondir])
AM_CONDITIONAL([COMPLETION], [test "x$bashcompletiondir" != xno])
])
