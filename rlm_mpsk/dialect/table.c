/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "rlm_mpsk/dialect/dialect.h"

/* The most particular first. omada-findkey reads what omada does, and is only ever named. */
static dialect_t const *const table[] = {
	&dialect_ruckus,
	&dialect_meraki,
	&dialect_eleven,
	&dialect_omada,
	&dialect_omada_findkey,
	&dialect_cisco,
	&dialect_aruba,
	&dialect_huawei,
	&dialect_lancom,
	&dialect_mikrotik,
	&dialect_fortinet,
	&dialect_unifi,
	&dialect_mist,
	&dialect_hostapd,
	&dialect_generic,
};

#define N (sizeof(table) / sizeof(table[0]))

dialect_t const *dialect_at(size_t n)
{
	return n < N ? table[n] : NULL;
}

size_t dialect_number(dialect_t const *dialect)
{
	size_t n = 0;

	while (n < N && table[n] != dialect) n++;
	return n;
}

dialect_t const *dialect_named(char const *name)
{
	for (size_t i = 0; i < N; i++) {
		if (strcmp(table[i]->name, name) == 0) return table[i];
	}
	return NULL;
}

static bool relays(dialect_t const *dialect, dialect_request_t const *request)
{
	return dialect->relay != DIALECT_RFC && dialect_request_relays(request, dialect->relay);
}

dialect_t const *dialect_find(dialect_request_t const *request, dialect_t const *named)
{
	if (dialect_request_has(request, DIALECT_EAP_MESSAGE)) return NULL;
	if (named && relays(named, request)) return named;
	for (size_t i = 0; request->relayed && i < N; i++) {
		if (relays(table[i], request)) return table[i];
	}
	if (!dialect_request_is_mac_auth(request)) return NULL;
	if (named) return named;
	for (size_t i = 0; i < N; i++) {
		if (table[i]->detect && table[i]->detect(request)) return table[i];
	}
	return NULL;
}
