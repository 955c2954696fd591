/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/endpoint.h"

#include "store/password.h"
#include "store/role.h"
#include "store/topology.h"

static mpsk_topology_t const *const topologies[] = {
	[MPSK_URI_STANDALONE] = &mpsk_topology_standalone,
	[MPSK_URI_SENTINEL] = &mpsk_topology_sentinel,
	[MPSK_URI_CLUSTER] = &mpsk_topology_cluster,
};

/*
 * --- What topologies share ---
 */
mpsk_deadline_t mpsk_topology_share(mpsk_deadline_t deadline, size_t attempts)
{
	return mpsk_deadline_in(mpsk_deadline_left(deadline) / (int64_t) (attempts ? attempts : 1));
}

mpsk_status_t mpsk_topology_open_primary(TALLOC_CTX *ctx, mpsk_conn_t **conn, mpsk_address_t const *address,
					 mpsk_access_t const *access, int cancel_fd, mpsk_deadline_t deadline,
					 mpsk_error_t *err)
{
	mpsk_error_t why;
	mpsk_status_t status = mpsk_conn_open(ctx, conn, address, access, cancel_fd, deadline, err);

	if (status != MPSK_OK) return status;
	status = mpsk_role_check(*conn, deadline, &why);
	if (status == MPSK_OK) return MPSK_OK;
	TALLOC_FREE(*conn);
	return mpsk_error_set(err, status, "%s: %s", address->name, why.text);
}

/*
 * --- Creation ---
 */
static mpsk_status_t endpoint_access(mpsk_endpoint_t *e, mpsk_store_config_t const *config, mpsk_error_t *err)
{
	char *password;
	mpsk_status_t status;

	e->redis = (mpsk_access_t) { .user = e->uri->user, .password = e->uri->password, .db = e->uri->db };
	if (config->password_file) {
		if (e->uri->password) {
			return mpsk_error_set(err, MPSK_BAD, "password file %s: the URI has a password too: keep one",
					      config->password_file);
		}
		status = mpsk_password_read(e, &password, config->password_file, err);
		if (status != MPSK_OK) return status;
		e->redis.password = password;
	}
	if (!config->sentinel_password_file) return MPSK_OK;
	if (e->uri->kind != MPSK_URI_SENTINEL) {
		return mpsk_error_set(err, MPSK_BAD, "password file %s: it is for Sentinels, and the URI names none",
				      config->sentinel_password_file);
	}
	status = mpsk_password_read(e, &password, config->sentinel_password_file, err);
	if (status != MPSK_OK) return status;
	e->sentinel.password = password;
	e->sentinel.user = config->sentinel_user ? talloc_strdup(e, config->sentinel_user) : NULL;
	if (!config->sentinel_user || e->sentinel.user) return MPSK_OK;
	return mpsk_error_set(err, MPSK_ERR, "out of memory");
}

/* Who names a CA means that nothing goes over the wire in clear. */
static mpsk_status_t endpoint_tls(mpsk_endpoint_t *e, mpsk_store_tls_t const *config, mpsk_error_t *err)
{
	mpsk_status_t status;

	if (e->uri->tls) {
		status = mpsk_tls_create(e, &e->tls, config, err);
		e->redis.tls = e->sentinel.tls = e->tls;
		return status;
	}
	if (!config->ca_file && !config->ca_path && !config->certificate_file && !config->private_key_file &&
	    !config->server_name) {
		return MPSK_OK;
	}
	return mpsk_error_set(err, MPSK_BAD, "there are settings for TLS, but the URI is one without: "
			      "begin it with rediss in place of redis");
}

mpsk_status_t mpsk_endpoint_create(TALLOC_CTX *ctx, mpsk_endpoint_t **endpoint, mpsk_store_config_t const *config,
				   mpsk_error_t *err)
{
	mpsk_endpoint_t *e = talloc_zero(ctx, mpsk_endpoint_t);
	mpsk_status_t status;

	*endpoint = NULL;
	if (!e) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	e->connect_ms = config->connect_ms;
	status = mpsk_uri_parse(e, &e->uri, config->uri, err);
	if (status == MPSK_OK) status = endpoint_access(e, config, err);
	if (status == MPSK_OK) status = endpoint_tls(e, &config->tls, err);
	if (status == MPSK_OK) {
		e->topology = topologies[e->uri->kind];
		status = e->topology->init(e, err);
	}
	if (status != MPSK_OK) {
		talloc_free(e);
		return status;
	}
	*endpoint = e;
	return MPSK_OK;
}

/*
 * --- Use ---
 */
char const *mpsk_endpoint_name(mpsk_endpoint_t const *endpoint)
{
	return endpoint->uri->name;
}

char const *mpsk_endpoint_node_name(mpsk_endpoint_t *endpoint, unsigned node)
{
	return endpoint->topology->name ? endpoint->topology->name(endpoint, node) : endpoint->uri->name;
}

mpsk_status_t mpsk_endpoint_route(mpsk_endpoint_t *endpoint, unsigned *node, char const *rkey, size_t len,
				  int cancel_fd, mpsk_error_t *err)
{
	*node = 0;
	if (!endpoint->topology->route) return MPSK_OK;
	return endpoint->topology->route(endpoint, node, rkey, len, cancel_fd, err);
}

mpsk_status_t mpsk_endpoint_primaries(mpsk_endpoint_t *endpoint, mpsk_node_set_t *set, int cancel_fd,
				      mpsk_error_t *err)
{
	*set = (mpsk_node_set_t) { .whole = true, .n = 1 };
	return endpoint->topology->primaries ? endpoint->topology->primaries(endpoint, set, cancel_fd, err) : MPSK_OK;
}

mpsk_status_t mpsk_endpoint_connect(TALLOC_CTX *ctx, mpsk_conn_t **conn, mpsk_endpoint_t *endpoint, unsigned node,
				    int cancel_fd, mpsk_error_t *err)
{
	mpsk_status_t status = endpoint->topology->connect(ctx, conn, endpoint, node, cancel_fd,
							   mpsk_deadline_in(endpoint->connect_ms), err);

	if (status != MPSK_OK) mpsk_endpoint_doubt(endpoint);
	return status;
}

mpsk_status_t mpsk_endpoint_follow(mpsk_endpoint_t *endpoint, unsigned *node, mpsk_redirect_t const *redirect,
				   mpsk_error_t *err)
{
	switch (redirect->kind) {
	case MPSK_REDIRECT_MOVED:
	case MPSK_REDIRECT_ASK:
		if (endpoint->topology->follow) return endpoint->topology->follow(endpoint, node, redirect, err);
		return mpsk_error_set(err, MPSK_AGAIN, "this Redis is part of a cluster: its URI begins with "
				      "redis+cluster://");

	case MPSK_REDIRECT_REPLICA:
		mpsk_endpoint_doubt(endpoint);
		return mpsk_endpoint_moves(endpoint) ? MPSK_OK : MPSK_AGAIN;

	default:
		return MPSK_AGAIN;
	}
}

void mpsk_endpoint_doubt(mpsk_endpoint_t *endpoint)
{
	if (endpoint->topology->doubt) endpoint->topology->doubt(endpoint);
}

bool mpsk_endpoint_moves(mpsk_endpoint_t const *endpoint)
{
	return endpoint->topology->moves || endpoint->uri->n > 1;
}

bool mpsk_endpoint_tells(mpsk_endpoint_t const *endpoint)
{
	return endpoint->topology->primaries != NULL;
}

bool mpsk_endpoint_is_cluster(mpsk_endpoint_t const *endpoint)
{
	return endpoint->topology->route != NULL;
}
