/* The functions on a plain SHA256_CTX are marked as deprecated, in favour of ones that allocate for every digest. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
