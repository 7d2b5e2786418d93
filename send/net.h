/* Addresses: which may be connected to. */
#ifndef MFA_SEND_NET_H
#define MFA_SEND_NET_H

#include <stdbool.h>
#include <sys/socket.h>

#include "../pam_mfa/core/err.h"

/*
 * Networks as an administrator writes them: "10.0.5.0/24 fd00::/8 192.0.2.7",
 * blanks between. MFA_ESYNTAX with the wrong word in why.
 */
enum mfa_err net_check(const char *networks, struct mfa_why *) MFA_MUST_CHECK;

/*
 * May a connection go there? One that is listed may. Without TLS, besides,
 * only loopback; with TLS everything but addresses that belong to no provider:
 * unspecified, link-local, multicast, and those of cloud metadata services.
 * An IPv4 address inside IPv6 (::ffff:0:0/96) counts as what it is.
 */
bool net_allowed(const struct sockaddr *, const char *networks, bool tls);

#endif
