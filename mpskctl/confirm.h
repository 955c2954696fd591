/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * To be asked before many keys are changed at once.
 */
#ifndef MPSKCTL_CONFIRM_H
#define MPSKCTL_CONFIRM_H

#include "ctl.h"

/*
 * Ask at the terminal whether what the text says is to be done: CTL_OK where
 * the answer is y or yes, CTL_NOTHING, said, for any other. CTL_USAGE, said,
 * where there is no terminal: a script gives --yes, and does not ask.
 */
ctl_exit_t ctl_confirm(char const *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
