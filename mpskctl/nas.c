/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "nas.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "nas_file.h"
#include "store/nas.h"

struct ctl_nases {
	ctl_t		*ctl;
	ctl_nas_file_t	*file;		/* NULL: none was named */
	ctl_nas_t	**list;
	size_t		n, room;
};

ctl_exit_t ctl_nases_create(ctl_t *ctl, ctl_nases_t **out)
{
	ctl_nases_t *nases = ctl_need(talloc_zero(ctl->mem, ctl_nases_t));
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_OK;

	nases->ctl = ctl;
	*out = nases;
	if (ctl->nas_file) status = ctl_nas_file_load(nases, &nases->file, ctl->nas_file, &err);
	return status == MPSK_OK ? CTL_OK : ctl_fail(ctl_exit_of(status), "--nas-file %s", err.text);
}

static int nas_wipe(ctl_nas_t *nas)
{
	mpsk_secret_wipe(nas, sizeof(*nas));
	return 0;
}

static ctl_nas_t *nas_add(ctl_nases_t *nases, char const *id, char const *address)
{
	ctl_nas_t *nas = ctl_need(talloc_zero(nases, ctl_nas_t));

	talloc_set_destructor(nas, nas_wipe);
	snprintf(nas->id, sizeof(nas->id), "%s", id);
	snprintf(nas->address, sizeof(nas->address), "%s", address);
	if (nases->n == nases->room) {
		nases->room = nases->room ? 2 * nases->room : 64;
		nases->list = ctl_need(talloc_realloc(nases, nases->list, ctl_nas_t *, nases->room));
	}
	return nases->list[nases->n++] = nas;
}

/* Where its packets come from, unless something else was said; an id may be an address itself. */
static void peer_find(ctl_nas_t *nas, mpsk_nas_coa_t const *coa)
{
	char const *host = coa->address[0] ? coa->address : nas->address[0] ? nas->address : nas->id;
	mpsk_error_t err = { "" };

	if (radius_peer_find(&nas->peer, host, coa->port ? coa->port : nas->way->port, &err) == MPSK_OK) return;
	nas->state = CTL_NAS_WRONG;
	(void) mpsk_error_set(&nas->why, MPSK_OK, "NAS %s: its address is not known (%s): set it with `mpskctl nas set "
			      "%s --coa-address ADDRESS`", nas->id, err.text, nas->id);
}

static void nas_take(ctl_nas_t *nas, mpsk_nas_coa_t const *coa)
{
	radius_disconnect_way_t const *way = coa->dialect[0] ? radius_disconnect_way(coa->dialect) : NULL;

	if (!coa->secret_len) return;
	nas->state = CTL_NAS_READY;
	nas->secret.len = coa->secret_len;
	memcpy(nas->secret.octets, coa->secret, coa->secret_len);
	nas->way = way ? way : radius_disconnect_ways;
	nas->cache = coa->cache;
	peer_find(nas, coa);
}

/* MISS where nothing is known of it. */
static mpsk_status_t row_take(ctl_nases_t *nases, ctl_nas_t *nas, char const *id, mpsk_error_t *err)
{
	mpsk_nas_row_t *row = NULL;
	mpsk_error_t why = { "" };
	mpsk_nas_coa_t coa;
	mpsk_status_t status = mpsk_store_nas_read(nases->ctl->store, NULL, id, &row, err);

	if (status != MPSK_OK) return status;
	status = mpsk_nas_coa_parse(&coa, id, row->fields, row->n, ctl_keyring(nases->ctl), &why);
	talloc_free(row);
	if (status == MPSK_OK) {
		nas_take(nas, &coa);
		mpsk_secret_wipe(&coa, sizeof(coa));
		return MPSK_OK;
	}
	return mpsk_error_set(err, status, "NAS %s: %s", id, why.text);
}

ctl_exit_t ctl_nas_find(ctl_nases_t *nases, char const *id, char const *address, ctl_nas_t **out)
{
	mpsk_nas_coa_t const *coa;
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	ctl_nas_t *nas;

	for (size_t i = 0; i < nases->n; i++) {
		*out = nases->list[i];
		if (strcmp((*out)->id, id) == 0 && strcmp((*out)->address, address) == 0) return CTL_OK;
	}
	*out = nas = nas_add(nases, id, address);
	nas->state = CTL_NAS_NO_SECRET;
	(void) mpsk_error_set(&nas->why, MPSK_OK, "NAS %s has no secret, so its devices cannot be disconnected: set "
			      "one with `mpskctl nas set %s --secret-file FILE`", id, id);
	coa = nases->file ? ctl_nas_file_find(nases->file, id, address) : NULL;
	if (coa) {
		nas_take(nas, coa);
		return CTL_OK;
	}
	status = row_take(nases, nas, id, &err);
	if (status == MPSK_MISS && address[0] && strcmp(id, address) != 0) {
		status = row_take(nases, nas, address, &err);
	}
	if (status == MPSK_OK || status == MPSK_MISS) return CTL_OK;
	if (status != MPSK_BAD) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	nas->state = CTL_NAS_WRONG;
	nas->why = err;
	return CTL_OK;
}
