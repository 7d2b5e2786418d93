/* Telephone numbers as people type them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/phone.h"

#define N(a) (sizeof(a) / sizeof(*(a)))

/* home "" : none is known. */
static const struct {
	const char *home, *typed, *e164;
} spellings[] = {
	/* Japan, within the country. */
	{ "JP", "090-0000-1234", "+819000001234" },
	{ "JP", "09000001234", "+819000001234" },
	{ "JP", "090 0000 1234", "+819000001234" },
	{ "JP", "(090) 0000 1234", "+819000001234" },
	{ "JP", "(090)0000-1234", "+819000001234" },
	{ "JP", "090.0000.1234", "+819000001234" },
	{ "JP", "090/0000/1234", "+819000001234" },
	{ "JP", "  090-0000-1234\t", "+819000001234" },
	{ "JP", "tel:09000001234", "+819000001234" },
	{ "JP", "90-0000-1234", "+819000001234" },
	{ "JP", "(0)90 0000 1234", "+819000001234" },
	{ "JP", "03-0000-0000", "+81300000000" },
	{ "JP", "3-0000-0000", "+81300000000" },
	/* As Japanese keyboards type it. */
	{ "JP", "０９０－００００－１２３４", "+819000001234" },
	{ "JP", "０９０ー００００ー１２３４", "+819000001234" },
	{ "JP", "090‐0000‐1234", "+819000001234" },
	{ "JP", "090−0000−1234", "+819000001234" },
	{ "JP", "（０９０）　００００　１２３４", "+819000001234" },
	{ "JP", "ｰ090ｰ0000ｰ1234", "+819000001234" },
	{ "JP", "＋８１　９０－００００－１２３４", "+819000001234" },
	/* Japan, from abroad or as if. */
	{ "JP", "+819000001234", "+819000001234" },
	{ "JP", "+81 90-0000-1234", "+819000001234" },
	{ "JP", "+81 (90) 0000-1234", "+819000001234" },
	{ "JP", "+81 (0)90 0000 1234", "+819000001234" },
	{ "JP", "+81(0) 90-0000-1234", "+819000001234" },
	{ "JP", "(+81) 90 0000 1234", "+819000001234" },
	{ "JP", "+81-3-0000-0000", "+81300000000" },
	{ "JP", "0081 90 0000 1234", "+819000001234" },
	{ "JP", "0081 (0)90 0000 1234", "+819000001234" },
	{ "JP", "010-81-90-0000-1234", "+819000001234" },
	{ "JP", "81 90 0000 1234", "+819000001234" },
	{ "JP", "tel:+81-90-0000-1234", "+819000001234" },
	{ "JP", "TEL: +81 90 0000 1234", "+819000001234" },
	{ "JP", "\u202a+81 90 0000 1234\u202c", "+819000001234" },
	{ "", "+81 90 0000 1234", "+819000001234" },
	{ "GB", "0081 90 0000 1234", "+819000001234" },
	{ "US", "011 81 90 0000 1234", "+819000001234" },
	{ "AU", "0011 81 90 0000 1234", "+819000001234" },
	{ "RU", "8 10 81 90 0000 1234", "+819000001234" },
	{ "KR", "002 81 90 0000 1234", "+819000001234" },
	{ "KR", "00700 81 90 0000 1234", "+819000001234" },
	{ "KR", "001 49 30 000000", "+4930000000" },
	{ "JP", "010 1 212 555 0123", "+12125550123" },
	{ "JP", "010 44 7700 900123", "+447700900123" },
	/* The United States and who shares their code. */
	{ "US", "(212) 555-0123", "+12125550123" },
	{ "US", "212-555-0123", "+12125550123" },
	{ "US", "212.555.0123", "+12125550123" },
	{ "US", "1-212-555-0123", "+12125550123" },
	{ "US", "+1 (212) 555-0123", "+12125550123" },
	{ "CA", "416 555 0123", "+14165550123" },
	{ "BS", "242 555 0123", "+12425550123" },
	{ "", "+1 876 555 0123", "+18765550123" },
	/* The United Kingdom and its islands. */
	{ "GB", "07700 900123", "+447700900123" },
	{ "GB", "7700 900123", "+447700900123" },
	{ "GB", "+44 (0)7700 900123", "+447700900123" },
	{ "GB", "00 44 7700 900123", "+447700900123" },
	{ "GB", "44 7700 900123", "+447700900123" },
	{ "GG", "07781 000000", "+447781000000" },
	/* No trunk prefix: the 0 belongs to the number, or there is none. */
	{ "IT", "06 0000 0000", "+390600000000" },
	{ "", "+39 06 0000 0000", "+390600000000" },
	{ "", "+39 (0)6 0000 0000", "+390600000000" },
	{ "IT", "390 000 0000", "+393900000000" },
	{ "IT", "393 000 0000", "+393930000000" },
	{ "ES", "600 000 000", "+34600000000" },
	{ "DK", "20 00 00 00", "+4520000000" },
	{ "NO", "400 00 000", "+4740000000" },
	{ "CI", "01 00 00 00 00", "+2250100000000" },
	{ "MX", "55 0000 0000", "+525500000000" },
	{ "SG", "8000 0000", "+6580000000" },
	{ "SG", "65 8000 0000", "+6580000000" },
	{ "SG", "6500 0000", "+6565000000" },
	/* Trunk prefix 0. */
	{ "DE", "0151 00000000", "+4915100000000" },
	{ "DE", "+49 (0) 151 / 000 000 00", "+4915100000000" },
	{ "AT", "0664 0000000", "+436640000000" },
	{ "FR", "06 00 00 00 00", "+33600000000" },
	{ "FR", "6 00 00 00 00", "+33600000000" },
	{ "CH", "079 000 00 00", "+41790000000" },
	{ "BR", "(11) 90000-0000", "+5511900000000" },
	{ "BR", "(11) 2000-0000", "+551120000000" },
	{ "IN", "90000 00000", "+919000000000" },
	{ "IN", "91 90000 00000", "+919000000000" },
	{ "CN", "138 0000 0000", "+8613800000000" },
	{ "CN", "010 0000 0000", "+861000000000" },
	{ "KR", "010-0000-0000", "+821000000000" },
	{ "TW", "0900 000 000", "+886900000000" },
	{ "AU", "0400 000 000", "+61400000000" },
	{ "FI", "990 44 7700 900123", "+447700900123" },
	{ "EG", "٠١٠ ٠٠٠٠ ٠٠٠٠", "+201000000000" },
	/* Other trunk prefixes. */
	{ "RU", "8 (900) 000-00-00", "+79000000000" },
	{ "RU", "900 000-00-00", "+79000000000" },
	{ "RU", "+7 (8) 900 000-00-00", "+79000000000" },
	{ "RU", "800 000 00 00", "+78000000000" },
	{ "", "+7 (800) 000-00-00", "+78000000000" },
	{ "RU", "7 900 000 00 00", "+79000000000" },
	{ "HU", "06 20 000 0000", "+36200000000" },
	{ "HU", "+36 (06) 20 000 0000", "+36200000000" },
	{ "BY", "8 029 000-00-00", "+375290000000" },
	{ "BY", "029 000-00-00", "+375290000000" },
	{ "LT", "8 600 00000", "+37060000000" },
	{ "LT", "0 600 00000", "+37060000000" },
};

static const struct {
	const char *home, *typed;
	enum mfa_err err;
	const char *why;
} refusals[] = {
	{ "JP", "", MFA_ESYNTAX, "Type a phone number." },
	{ "JP", " - ", MFA_ESYNTAX, "Type a phone number." },
	{ "JP", "+", MFA_ESYNTAX, "Type a phone number." },
	{ "", "090-0000-1234", MFA_ENOENT, "The country is not known. Type the "
	    "number with + and the country code, as +81 for Japan." },
	{ "", "0081 90 0000 1234", MFA_ENOENT, "The country is not known. Type "
	    "the number with + and the country code, as +81 for Japan." },
	{ "JP", "090-0000-CALL", MFA_ESYNTAX, "\"C\" is not part of a phone "
	    "number. Type digits, and + before a country code." },
	{ "JP", "携帯 090", MFA_ESYNTAX, "\"携\" is not part of a phone "
	    "number. Type digits, and + before a country code." },
	{ "JP", "090\n0000", MFA_ESYNTAX, "\"?\" is not part of a phone "
	    "number. Type digits, and + before a country code." },
	{ "JP", "090-0000-1234 ext 12", MFA_ESYNTAX, "\"e\" is not part of a "
	    "phone number. Give an extension apart." },
	{ "JP", "tel:+819000001234;ext=12", MFA_ESYNTAX, "\";\" is not part of "
	    "a phone number. Give an extension apart." },
	{ "JP", "03-0000-0000,12", MFA_ESYNTAX, "\",\" is not part of a phone "
	    "number. Give an extension apart." },
	{ "JP", "090-\xff\xfe", MFA_ESYNTAX, "The number is not UTF-8 text. "
	    "Type it with the digits 0 to 9." },
	{ "JP", "090+00001234", MFA_ESYNTAX, "\"+\" can stand only once, "
	    "before the country code." },
	{ "JP", "++81", MFA_ESYNTAX, "\"+\" can stand only once, before the "
	    "country code." },
	{ "JP", "090-0000-12", MFA_ERANGE, "The number is too short for Japan "
	    "(+81): 9 to 10 digits follow +81, here are 8." },
	{ "JP", "090-0000-12345", MFA_ERANGE, "The number is too long for "
	    "Japan (+81): 9 to 10 digits follow +81, here are 11." },
	{ "JP", "+81", MFA_ERANGE, "The number is too short for Japan (+81): 9 "
	    "to 10 digits follow +81, here are 0." },
	{ "JP", "+81 090-0000-1234", MFA_ERANGE, "Leave out the 0 behind +81: "
	    "it is dialled only within Japan." },
	{ "JP", "+81 03-0000-000", MFA_ERANGE, "Leave out the 0 behind +81: it "
	    "is dialled only within Japan." },
	{ "JP", "0081 090 0000 1234", MFA_ERANGE, "Leave out the 0 behind +81: "
	    "it is dialled only within Japan." },
	{ "JP", "+7 8 900 000 00 00", MFA_ERANGE, "Leave out the 8 behind +7: "
	    "it is dialled only within Russia." },
	{ "JP", "+36 06 20 000 0000", MFA_ERANGE, "Leave out the 06 behind "
	    "+36: it is dialled only within Hungary." },
	{ "JP", "+36 020 000 0000", MFA_ERANGE, "No number of Hungary has a 0 "
	    "behind +36. Check the number." },
	{ "JP", "+870 000000000", MFA_ERANGE, "No country has the calling code "
	    "that +870 begins with. Check the number." },
	{ "JP", "+0819000001234", MFA_ERANGE, "No country has the calling code "
	    "that +081 begins with. Check the number." },
	{ "JP", "0000-1234", MFA_ERANGE, "No country has the calling code that "
	    "+001 begins with. Check the number." },
	{ "JP", "12345678901234567890123456789012345678901234567890",
	    MFA_ERANGE, "The number is too long: no phone number has over 15 "
	    "digits." },
	{ "US", "555-0123", MFA_ERANGE, "The number is too short for United "
	    "States (+1): 10 digits follow +1, here are 7." },
	{ "US", "+1 1 212 555 0123", MFA_ERANGE, "Leave out the 1 behind +1: "
	    "it is dialled only within United States." },
	{ "US", "012 555 0123", MFA_ERANGE, "No number of United States has a "
	    "0 behind +1. Check the number." },
	{ "US", "+1 212 055 0123", MFA_ERANGE, "Behind +1, the first and the "
	    "fourth digit are 2 to 9. Check the number." },
	{ "BS", "555-0123", MFA_ERANGE, "The number is too short for Bahamas "
	    "(+1 242): 10 digits follow +1, here are 7." },
	{ "DE", "151 0000000", MFA_ERANGE, "The area code may be missing. Type "
	    "the number with the 0 that is dialled first in Germany, or from "
	    "+49 on." },
	{ "DE", "49 151 00000000", MFA_ERANGE, "The number can be read in two "
	    "ways. Type it with + and the country code." },
	{ "KR", "001 49 5200 0000", MFA_ERANGE, "The number can be read in two "
	    "ways. Type it with + and the country code." },
	{ "ES", "+34 (0)600 000 000", MFA_ERANGE, "The number is too long for "
	    "Spain (+34): 9 digits follow +34, here are 10." },
	{ "IT", "00 0000 0000", MFA_ERANGE, "No country has the calling code "
	    "that +000 begins with. Check the number." },
};

static const struct country *
home_of(const char *iso)
{
	const struct country *c = country_find(iso);

	assert_true((c == NULL) == (*iso == '\0'));
	return c;
}

static void
any_usual_spelling(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < N(spellings); i++) {
		char e164[PHONE_MAX + 1] = "untouched";
		struct mfa_why why = { "" };
		enum mfa_err r = phone_parse(spellings[i].typed,
		    home_of(spellings[i].home), e164, &why);

		if (r || strcmp(e164, spellings[i].e164))
			fail_msg("%s \"%s\": %s (%s)", spellings[i].home,
			    spellings[i].typed, e164, why.text);
		assert_true(phone_is_e164(e164));
	}
}

static void
what_it_refuses(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < N(refusals); i++) {
		char e164[PHONE_MAX + 1] = "untouched";
		struct mfa_why why = { "" };
		enum mfa_err r = phone_parse(refusals[i].typed,
		    home_of(refusals[i].home), e164, &why);

		if (r != refusals[i].err || strcmp(why.text, refusals[i].why))
			fail_msg("%s \"%s\": %d \"%s\" %s", refusals[i].home,
			    refusals[i].typed, r, why.text, e164);
		assert_string_equal(e164, "untouched");
	}
}

/* What we write we read: E.164 everywhere, the national form at home. */
static void
its_own_spelling(void **unused)
{
	char e164[PHONE_MAX + 1], national[PHONE_FORMAT_MAX + 1];
	const struct country *home;

	(void)unused;
	for (size_t j = 0; j < N(spellings); j++) {
		const char *want = spellings[j].e164;

		for (size_t i = 0; (home = country_at(i)) != NULL; i++) {
			assert_int_equal(phone_parse(want, home, e164, NULL),
			    0);
			assert_string_equal(e164, want);
		}
		assert_int_equal(phone_format(want, PHONE_NATIONAL, national),
		    0);
		assert_int_equal(phone_parse(national, country_of(want + 1),
		    e164, NULL), 0);
		assert_string_equal(e164, want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_usual_spelling),
		cmocka_unit_test(what_it_refuses),
		cmocka_unit_test(its_own_spelling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
