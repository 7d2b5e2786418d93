/* What a certificate must have beyond what libcurl asks for. */
#ifndef MFA_SEND_CERTIFICATE_H
#define MFA_SEND_CERTIFICATE_H

#include <curl/curl.h>

/*
 * For CURLOPT_SSL_CTX_FUNCTION, of the host and of a proxy. A certificate whose
 * host stands in its subject alone is refused, as RFC 9525 section 2 has it:
 * libcurl takes such a name, if the authority vouches for the certificate.
 */
CURLcode certificate_strict(CURL *, void *ssl_ctx, void *unused);

#endif
