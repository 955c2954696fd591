/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files with secrets: only their owner may read them, and there is never
 * one that is not whole.
 */
#ifndef MPSKCTL_WHOLE_H
#define MPSKCTL_WHOLE_H

#include <stdio.h>

#include "ctl.h"

/* Print all of it; false where that failed otherwise than by the stream. */
typedef bool (*ctl_whole_print_t)(FILE *out, void const *uctx);

/* Write a file, in place of one of the same name once the new one is whole. CTL_FAILED, said, where it cannot be. */
ctl_exit_t ctl_whole_write(ctl_t *ctl, char const *file, ctl_whole_print_t print, void const *uctx);

#endif
