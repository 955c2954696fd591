/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounting packets, which hardly differ from maker to maker: RFC 2866, RFC
 * 2869, and each maker's own way to name the SSID.
 */
#ifndef RLM_MPSK_DIALECT_ACCOUNTING_H
#define RLM_MPSK_DIALECT_ACCOUNTING_H

#include "policy/accounting.h"
#include "rlm_mpsk/dialect/request.h"

/*
 * Read a packet that came at `now`, epoch seconds. All but the nas, the site
 * and the address are filled in, also the restart of an Accounting-On or
 * -Off: its radio and time are those of the event. MISS where it is of no
 * Wi-Fi device: no MAC or no Acct-Session-Id; BAD, with a text that names the
 * attribute, where one is malformed.
 */
mpsk_status_t dialect_accounting_read(dialect_request_t const *request, int64_t now, mpsk_accounting_t *accounting,
				      mpsk_error_t *err);

#endif
