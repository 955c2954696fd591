/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An alert: a sign that a passphrase is known to more than it should be, and
 * the form in which `mpsk:alert:<kind>` keeps it: subject -> a flat JSON
 * object.
 */
#ifndef MPSK_KEY_ALERT_H
#define MPSK_KEY_ALERT_H

#include <stddef.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/status.h"
#include "key/nas.h"

typedef enum {
	MPSK_ALERT_DEVICES = 0,		/* a key on many devices at once */
	MPSK_ALERT_SITES,		/* at many sites */
	MPSK_ALERT_APS,			/* at many access points */
	MPSK_ALERT_WRONG_KEY,		/* a key's device came with a passphrase that is not the key's */
	MPSK_ALERT_WRONG_DEVICE,	/* a key for certain devices came from another one */
	MPSK_ALERT_FLOOD,		/* many wrong keys at one NAS */
	MPSK_ALERT_KINDS
} mpsk_alert_kind_t;

#define MPSK_ALERT_LIFE_S	604800	/* seconds for which an alert is kept after it was last so */
#define MPSK_ALERT_DETAIL_MAX	127

/* A key's id, of WRONG_KEY with '/' and the MAC; of FLOOD a NAS's id. */
#define MPSK_ALERT_SUBJECT_MAX	(MPSK_NAS_ID_MAX + MPSK_MAC_TEXT_MAX)

typedef struct {
	mpsk_alert_kind_t	kind;
	char			subject[MPSK_ALERT_SUBJECT_MAX + 1];
	int64_t			first, seen;	/* epoch seconds */
	int64_t			count;		/* how often */
	int64_t			most;		/* devices, sites or APs at once; wrong keys in a minute; or 0 */
	char			detail[MPSK_ALERT_DETAIL_MAX + 1];	/* where or who it was last, in UTF-8; or "" */
} mpsk_alert_t;

/* "devices", "sites", "aps", "wrong-key", "wrong-device", "flood". */
char const *mpsk_alert_name(mpsk_alert_kind_t kind);

#define MPSK_ALERT_RECORD_MAX 1024

/* Write the record of one, with a NUL. Returns its length; 0: memory is out, or the detail is no UTF-8. */
size_t mpsk_alert_print(char out[static MPSK_ALERT_RECORD_MAX], mpsk_alert_t const *alert);

/* Read a subject and its record. BAD, with a text, where either is malformed. */
mpsk_status_t mpsk_alert_parse(mpsk_alert_t *alert, mpsk_alert_kind_t kind, char const *subject, size_t subject_len,
			       char const *record, size_t record_len, mpsk_error_t *err);

#endif
