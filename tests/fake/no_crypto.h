/* An OpenSSL that refuses: a context whose configuration activates nothing. */
#ifndef MFA_NO_CRYPTO_H
#define MFA_NO_CRYPTO_H

#include "../../pam_mfa/core/crypto.h"

/* Never NULL; the caller frees with crypto_free. */
struct crypto *no_crypto(void);

#endif
