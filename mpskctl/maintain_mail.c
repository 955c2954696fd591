/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mails to those who want them: of a key that is new or was changed, and of
 * one that expires soon. mpsk:mail:{id} knows of what was told, so each is
 * sent once, and one that could not be sent is tried again.
 */
#include "maintain.h"
#include "store/mail.h"

#define DAY_S		86400
#define DAYS_DEFAULT	7
#define LATE_S		DAY_S	/* a change before that is no news, and a copy of a store brings old ones along */
#define RETRY_S		60
#define RETRY_DOUBLED	6	/* times: an hour in the end */

static bool may_mail(ctl_maintain_t const *maintain, mpsk_key_t const *key)
{
	return maintain->mail.via && key->email && key->enabled && (!key->exp || key->exp > maintain->now);
}

/* Only once the second is over, for what is changed within it has one and the same time. */
bool maintain_mail_wants(ctl_maintain_t const *maintain, mpsk_key_t const *key)
{
	return may_mail(maintain, key) && key->notify_edit && key->modified < maintain->now &&
	       key->modified > maintain->now - LATE_S;
}

bool maintain_remind_wants(ctl_maintain_t const *maintain, mpsk_key_t const *key)
{
	int64_t days = key->notify_days ? key->notify_days : DAYS_DEFAULT;

	if (!may_mail(maintain, key) || !key->notify_expiry || !key->exp) return false;
	return (key->exp - maintain->now + DAY_S - 1) / DAY_S <= days;
}

static bool is_due(ctl_maintain_t const *maintain, mpsk_key_t const *key, ctl_mail_kind_t kind,
		   mpsk_mail_t const *told)
{
	int64_t doubled = told->tries - 1 < RETRY_DOUBLED ? told->tries - 1 : RETRY_DOUBLED;

	if (kind == CTL_MAIL_REMIND ? told->expiry == key->exp : told->change == key->modified) return false;
	return !told->tries || maintain->now - told->tried >= (int64_t) RETRY_S << (doubled < 0 ? 0 : doubled);
}

/* As it is by now: a step before may have changed it. */
static mpsk_status_t read_due(ctl_maintain_t *maintain, char const *id, ctl_mail_kind_t kind, mpsk_key_t **key,
			      mpsk_error_t *err)
{
	mpsk_mail_t told;
	mpsk_status_t status = mpsk_store_key_read(maintain->ctl->store, maintain->ctl->mem, id, key, err);
	bool wanted;

	if (status != MPSK_OK) return status;
	wanted = kind == CTL_MAIL_REMIND ? maintain_remind_wants(maintain, *key) : maintain_mail_wants(maintain, *key);
	status = wanted ? mpsk_store_mail_read(maintain->ctl->store, id, &told, err) : MPSK_MISS;
	if (status == MPSK_OK && !is_due(maintain, *key, kind, &told)) status = MPSK_MISS;
	if (status != MPSK_OK) TALLOC_FREE(*key);
	return status;
}

/* Whether the next one may be tried. */
static bool tell(ctl_maintain_t *maintain, char const *id, ctl_mail_kind_t kind)
{
	ctl_maintain_done_t done = { .id = id, .result = ctl_maintain_say(maintain, "mailed", "would mail") };
	mpsk_error_t err = { "" };
	mpsk_key_t *key = NULL;
	mpsk_status_t status = read_due(maintain, id, kind, &key, &err);

	if (status == MPSK_MISS) return true;
	if (status == MPSK_OK && !maintain->dry_run) status = ctl_mail_tell(&maintain->mail, key, kind, &err);
	talloc_free(key);
	if (status != MPSK_OK) {
		done.result = "failed";
		done.reason = err.text;
		done.code = ctl_exit_of(status);
	}
	ctl_maintain_done(maintain, &done);
	return status == MPSK_OK || status == MPSK_BAD;
}

static void tell_all(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n, ctl_mail_kind_t kind)
{
	for (size_t i = 0; i < n && !ctl_maintain_ends(maintain); i++)
		if (!tell(maintain, keys[i]->id, kind)) return;
}

void maintain_mail(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n)
{
	tell_all(maintain, keys, n, CTL_MAIL_CHANGE);
}

void maintain_remind(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n)
{
	tell_all(maintain, keys, n, CTL_MAIL_REMIND);
}
