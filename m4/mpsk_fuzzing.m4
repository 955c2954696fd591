# SPDX-License-Identifier: GPL-2.0-or-later
#
# MPSK_FUZZING
#
# Offer --enable-fuzzing. libFuzzer is clang's: the library is made with its
# counters, and main() comes from it. Sets SANITIZE_CFLAGS and the
# conditional FUZZING.
AC_DEFUN([MPSK_FUZZING], [
AC_ARG_ENABLE([fuzzing], [AS_HELP_STRING([--enable-fuzzing], [make tests/fuzz for libFuzzer, with the address and
	undefined behaviour sanitizers; CC has to be clang])])
AS_IF([test "x$enable_fuzzing" = xyes],
	[AS_IF([test -n "$SANITIZE_CFLAGS"],
		[AC_MSG_ERROR([--enable-fuzzing brings its own sanitizers: leave out --enable-sanitizers])])
	AC_MSG_CHECKING([whether $CC has libFuzzer])
	mpsk_save_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS -fsanitize=fuzzer,address,undefined"
	AC_LINK_IFELSE([AC_LANG_SOURCE([[
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	return (int) (size && data[0]) * 0;
}
]])],
		[AC_MSG_RESULT([yes])],
		[AC_MSG_RESULT([no])
		AC_MSG_ERROR([--enable-fuzzing wants clang and its libFuzzer, which $CC is not or does not have.
Install them (Debian: clang and libclang-rt-14-dev or later) and pass CC=clang.])])
	CFLAGS=$mpsk_save_CFLAGS
	SANITIZE_CFLAGS="-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=all"])
AM_CONDITIONAL([FUZZING], [test "x$enable_fuzzing" = xyes])
])
