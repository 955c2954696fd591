/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/links.h"

#include <string.h>

#include "base/deadline.h"

#define NAMED_MS 60000	/* a node to which a slot is being moved may have none for so long */

static int links_free(mpsk_links_t *links)
{
	for (unsigned i = 0; i < links->n; i++) mpsk_link_close(&links->members[i].link);
	return 0;
}

mpsk_links_t *mpsk_links_create(TALLOC_CTX *ctx, mpsk_endpoint_t *endpoint)
{
	mpsk_links_t *links = talloc_zero(ctx, mpsk_links_t);

	if (!links) return NULL;
	links->endpoint = endpoint;
	links->members = talloc_zero_array(links, mpsk_member_t, MPSK_NODES_MAX);
	if (!links->members) {
		talloc_free(links);
		return NULL;
	}
	talloc_set_destructor(links, links_free);
	return links;
}

void mpsk_links_close(mpsk_member_t *member)
{
	mpsk_link_close(&member->link);
	member->open = false;
}

/* There are no more nodes than members have room. */
static mpsk_member_t *links_member(mpsk_links_t *links, unsigned node)
{
	unsigned i = 0;

	while (i < links->n && links->members[i].node != node) i++;
	if (i == links->n) links->members[links->n++] = (mpsk_member_t) { .node = node };
	return &links->members[i];
}

/*
 * --- Who is one ---
 */

/* Those that neither have slots nor are being given any. Returns whether there was one. */
static bool links_drop(mpsk_links_t *links)
{
	int64_t now = mpsk_monotonic_ms();
	bool dropped = false;
	unsigned kept = 0;

	for (unsigned i = 0; i < links->n; i++) {
		mpsk_member_t *member = &links->members[i];

		if (member->is_owner || (member->named_at && now - member->named_at < NAMED_MS)) {
			if (kept != i) links->members[kept] = *member;
			kept++;
			continue;
		}
		dropped = true;
		mpsk_links_close(member);
	}
	links->n = kept;
	links->last = NULL;
	return dropped;
}

static mpsk_status_t links_ask(mpsk_links_t *links, int cancel_fd, bool *changed, mpsk_error_t *err)
{
	mpsk_node_set_t set;
	mpsk_status_t status = mpsk_endpoint_primaries(links->endpoint, &set, cancel_fd, err);

	if (status != MPSK_OK) return status;
	for (unsigned i = 0; i < links->n; i++) {
		links->members[i].is_owner = false;
		if (set.moved) mpsk_links_close(&links->members[i]);
	}
	for (unsigned i = 0; i < set.n; i++) links_member(links, set.nodes[i])->is_owner = true;
	links->whole = set.whole;
	*changed = links_drop(links);
	return MPSK_OK;
}

/* A server that is there for the first time, or does not say who it is, may be in the place of another one as well. */
static void links_identify(mpsk_links_t *links, mpsk_member_t *member)
{
	if (!member->link.run_id[0] || strcmp(member->link.run_id, member->run_id) != 0) links->replaced = true;
	memcpy(member->run_id, member->link.run_id, sizeof(member->run_id));
}

mpsk_status_t mpsk_links_refresh(mpsk_links_t *links, int cancel_fd, bool *changed, mpsk_error_t *err)
{
	mpsk_status_t status;

	*changed = false;
	links->stale = false;
	status = links_ask(links, cancel_fd, changed, err);
	for (unsigned i = 0; i < links->n; i++) {
		mpsk_member_t *member = &links->members[i];
		mpsk_error_t why;
		mpsk_status_t opened;

		if (member->open) continue;
		opened = mpsk_link_open(&member->link, links->endpoint, member->node, cancel_fd, &why);
		member->open = opened == MPSK_OK;
		if (member->open) links_identify(links, member);
		*changed = *changed || member->open;
		if (opened == MPSK_OK) continue;
		if (member->is_owner) status = mpsk_error_set(err, opened, "%s", why.text);
		else member->named_at = 0;	/* whoever was to be given slots is not there any more */
	}
	if (links_drop(links)) *changed = true;
	return status;
}

bool mpsk_links_complete(mpsk_links_t const *links)
{
	bool complete = links->whole && links->n > 0;

	for (unsigned i = 0; i < links->n; i++) complete = complete && links->members[i].open;
	return complete;
}

bool mpsk_links_any(mpsk_links_t const *links)
{
	bool any = false;

	for (unsigned i = 0; i < links->n; i++) any = any || links->members[i].open;
	return any;
}

/*
 * --- Who has a key ---
 */

/* A node, if it is a member that is open; else somebody has to make it one. */
static mpsk_member_t *links_open_member(mpsk_links_t *links, unsigned node)
{
	for (unsigned i = 0; i < links->n; i++) {
		if (links->members[i].node != node) continue;
		return links->members[i].open ? &links->members[i] : NULL;
	}
	links->stale = true;
	return NULL;
}

mpsk_member_t *mpsk_links_find(mpsk_links_t *links, char const *name, size_t len)
{
	unsigned node = 0;
	mpsk_error_t why;

	if (links->endpoint && mpsk_endpoint_route(links->endpoint, &node, name, len, -1, &why) != MPSK_OK) {
		return NULL;
	}
	return links_open_member(links, node);
}

mpsk_member_t *mpsk_links_follow(mpsk_links_t *links, mpsk_member_t const *member, redisReply const *reply)
{
	unsigned node = member->node;
	mpsk_redirect_t redirect;
	mpsk_error_t why;

	mpsk_redirect_read(&redirect, reply);
	if (!links->endpoint || mpsk_endpoint_follow(links->endpoint, &node, &redirect, &why) != MPSK_OK) return NULL;
	if (redirect.kind != MPSK_REDIRECT_ASK) return NULL;
	links_member(links, node)->named_at = mpsk_monotonic_ms();
	return links_open_member(links, node);
}
