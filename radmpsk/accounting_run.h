/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What --acct does.
 */
#ifndef RADMPSK_ACCOUNTING_RUN_H
#define RADMPSK_ACCOUNTING_RUN_H

#include "base/status.h"
#include "radmpsk/options.h"

/* Run it and report. *answered: whether everything was. MISS, BAD, ERR, AGAIN as elsewhere, with a text. */
mpsk_status_t accounting_run(options_t const *options, bool *answered, mpsk_error_t *err);

#endif
