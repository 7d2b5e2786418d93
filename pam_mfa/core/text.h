/*
 * Text that comes from outside, made safe; and the few ctype questions we ask,
 * which must not depend on a locale.
 */
#ifndef MFA_TEXT_H
#define MFA_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "language.h"

#define TEXT_NAME_MAX 240	/* bytes of an escaped name, without the NUL */

bool text_is_digit(int c);	/* 0-9 */
bool text_is_alnum(int c);	/* 0-9 A-Z a-z */
bool text_is_space(int c);	/* blank, tab, CR, LF */
char text_upper(char c);	/* a-z to A-Z, all else as it is */

/* Equal but for ASCII case? */
bool text_case_equal(const char *, const char *);

/*
 * The next word of a list with blanks or tabs between: *list moves behind it,
 * *ret_len is its length in bytes. NULL after the last. The words are not
 * copied: "const char *p = list; while ((w = text_word(&p, &len)) != NULL)".
 */
const char *text_word(const char **list, size_t *ret_len);

/* Bytes of the first word of such a list that s begins with; 0: of none. */
size_t text_leading_word(const char *s, const char *list);

/*
 * Copies src into dst (cap bytes, NUL included; may be src) as UTF-8, cut at a
 * character to fit. '?' stands for each control character (C0, DEL, C1), each
 * that ends a line or turns the direction of writing (U+061C, U+200E, U+200F,
 * U+2028-202E, U+2066-2069), and each byte that is no UTF-8. src NULL gives "".
 * Returns dst.
 */
char *text_clean(char *dst, size_t cap, const char *src);

/*
 * What a Japanese keyboard gives for ASCII, U+FF01-FF5E and U+3000, made
 * ASCII in place: "１２３" is "123". All else stays. Returns the new length.
 */
size_t text_fold(char *s);

/*
 * One value of a key=value log line: as text_clean, and blank, '"', '=' and
 * '%' as '?'; "" gives "-".
 */
char *text_field(char *dst, size_t cap, const char *src);

/*
 * A person's name as a file name, reversibly: A-Z a-z 0-9 '_' '-' '.' and '@'
 * stay, but a leading '.' or '-'; every other byte is %XX (upper-case hex).
 * Never "", ".", "..", never with '/', never beginning with '.' or '-'.
 * MFA_ERANGE: empty, or over TEXT_NAME_MAX when escaped.
 */
enum mfa_err text_name_escape(const char *name,
    char ret_file[static TEXT_NAME_MAX + 1]) MFA_MUST_CHECK;

/* The way back. MFA_ESYNTAX for anything text_name_escape does not write. */
enum mfa_err text_name_unescape(const char *file,
    char ret_name[static TEXT_NAME_MAX + 1]) MFA_MUST_CHECK;

/*
 * Decimal digits only, the whole string: no sign, blank, hex or leading "+".
 * MFA_ESYNTAX; MFA_ERANGE outside min..max.
 */
enum mfa_err text_u64(const char *, uint64_t min, uint64_t max,
    uint64_t *ret) MFA_MUST_CHECK;

/* The same with an optional '-'. */
enum mfa_err text_i64(const char *, int64_t min, int64_t max,
    int64_t *ret) MFA_MUST_CHECK;

/* Seconds: "90", "90s", "2m", "1h", "14d". Errors as text_u64. */
enum mfa_err text_seconds(const char *, uint64_t min, uint64_t max,
    uint64_t *ret) MFA_MUST_CHECK;

/* "30 seconds", "2 minutes", "2 hours": for a person, rounded up. */
char *text_duration(char *dst, size_t cap, uint64_t seconds, enum language);

/*
 * The word of the NULL-ended list that is nearest to the wrong one, for "did
 * you mean"; NULL if none is near (edit distance over 2, or over half of it).
 */
const char *text_nearest(const char *wrong, const char *const *words);

/* bytes as lower-case hex; dst has 2 * len + 1 bytes. Returns dst. */
char *text_hex(char *dst, const uint8_t *bytes, size_t len);

/* The way back; exactly 2 * len hex digits of either case. MFA_ESYNTAX. */
enum mfa_err text_unhex(const char *hex, uint8_t *ret, size_t len)
    MFA_MUST_CHECK;

#endif
