/* Telephone numbers in E.164: shown, sent, allowed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../pam_mfa/core/phone.h"

#define N(a) (sizeof(a) / sizeof(*(a)))

static void
e164_or_not(void **unused)
{
	static const char *const no[] = { "", "+", "+0123456789",
	    "819000001234", "+123456", "+1234567890123456",
	    "+81 9000001234", "+8190000012x4", "++819000001234" };

	(void)unused;
	assert_true(phone_is_e164("+819000001234"));
	assert_true(phone_is_e164("+2471000"));
	assert_true(phone_is_e164("+123456789012345"));
	for (size_t i = 0; i < N(no); i++)
		if (phone_is_e164(no[i]))
			fail_msg("\"%s\"", no[i]);
}

static void
masked(void **unused)
{
	static const struct {
		const char *e164, *mask;
	} rows[] = {
		{ "+819000001234", "+81 ********34" },
		{ "+12125550123", "+1 ********23" },
		{ "+12425550123", "+1 ********23" },
		{ "+447700900123", "+44 ********23" },
		{ "+2471000", "+247 **00" },
		{ "+8613800000000", "+86 *********00" },
		{ "+491510000000000", "+49 ***********00" },
		{ "+870000000012", "+**********12" },
		{ "09000001234", "" },
		{ "", "" },
	};
	char dst[PHONE_MASK_MAX + 1];

	(void)unused;
	for (size_t i = 0; i < N(rows); i++)
		assert_string_equal(phone_mask(dst, rows[i].e164),
		    rows[i].mask);
}

static void
formats(void **unused)
{
	static const struct {
		const char *e164, *digits, *zeros, *national;
	} rows[] = {
		{ "+819000001234", "819000001234", "00819000001234",
		    "09000001234" },
		{ "+12125550123", "12125550123", "0012125550123",
		    "12125550123" },
		{ "+79000000000", "79000000000", "0079000000000",
		    "89000000000" },
		{ "+36200000000", "36200000000", "0036200000000",
		    "06200000000" },
		{ "+375290000000", "375290000000", "00375290000000",
		    "80290000000" },
		{ "+37060000000", "37060000000", "0037060000000",
		    "060000000" },
		{ "+390600000000", "390600000000", "00390600000000",
		    "0600000000" },
		{ "+34600000000", "34600000000", "0034600000000",
		    "600000000" },
		{ "+447781000000", "447781000000", "00447781000000",
		    "07781000000" },
		{ "+491510000000000", "491510000000000", "00491510000000000",
		    "01510000000000" },
	};
	char is[PHONE_FORMAT_MAX + 1];

	(void)unused;
	for (size_t i = 0; i < N(rows); i++) {
		assert_int_equal(phone_format(rows[i].e164, PHONE_E164, is), 0);
		assert_string_equal(is, rows[i].e164);
		assert_int_equal(phone_format(rows[i].e164, PHONE_DIGITS, is),
		    0);
		assert_string_equal(is, rows[i].digits);
		assert_int_equal(phone_format(rows[i].e164, PHONE_ZERO_ZERO,
		    is), 0);
		assert_string_equal(is, rows[i].zeros);
		assert_int_equal(phone_format(rows[i].e164, PHONE_NATIONAL, is),
		    0);
		assert_string_equal(is, rows[i].national);
	}
	strcpy(is, "untouched");
	assert_int_equal(phone_format("09000001234", PHONE_E164, is),
	    MFA_ERANGE);
	assert_int_equal(phone_format("+870000000012", PHONE_NATIONAL, is),
	    MFA_ERANGE);
	assert_string_equal(is, "untouched");
}

static void
extensions(void **unused)
{
	static const struct {
		const char *typed, *ext;
		enum mfa_err err;
	} rows[] = {
		{ "12", "12", MFA_OK }, { " 1 2-3 ", "123", MFA_OK },
		{ ",,12", ",,12", MFA_OK }, { "w1W2p3", ",1,2,3", MFA_OK },
		{ "１２３", "123", MFA_OK },
		{ "1234567890", "1234567890", MFA_OK },
		{ "12345678901", NULL, MFA_ERANGE },
		{ "", NULL, MFA_ESYNTAX }, { ",,", NULL, MFA_ESYNTAX },
		{ "12a", NULL, MFA_ESYNTAX }, { "+12", NULL, MFA_ESYNTAX },
		{ "12#", NULL, MFA_ESYNTAX }, { "\xff", NULL, MFA_ESYNTAX },
	};

	(void)unused;
	for (size_t i = 0; i < N(rows); i++) {
		char ext[PHONE_EXT_MAX + 1] = "untouched";

		assert_int_equal(phone_extension(rows[i].typed, ext),
		    rows[i].err);
		assert_string_equal(ext, rows[i].err ? "untouched" :
		    rows[i].ext);
	}
}

static void
ranges(void **unused)
{
	char dst[PHONE_MAX + 1];

	(void)unused;
	assert_string_equal(phone_prefix(dst, "+819000001234"), "+81900000");
	assert_string_equal(phone_prefix(dst, "+819000009999"), "+81900000");
	assert_string_equal(phone_prefix(dst, "+2471000"), "+247");
	assert_string_equal(phone_prefix(dst, "09000001234"), "");
}

static void
where_codes_may_go(void **unused)
{
	static const struct {
		const char *e164, *list;
		enum phone_reach reach;
	} rows[] = {
		{ "+819000001234", "", PHONE_UNLISTED },
		{ "+819000001234", "  ", PHONE_UNLISTED },
		{ "+819000001234", "+81", PHONE_ALLOWED },
		{ "+819000001234", "\t+44  +81 ", PHONE_ALLOWED },
		{ "+819000001234", "+44", PHONE_UNLISTED },
		{ "+819000001234", "+8", PHONE_ALLOWED },
		{ "+819000001234", "+", PHONE_UNLISTED },
		{ "+819000001234", "+81900000123", PHONE_ALLOWED },
		{ "+819000001234", "+819000001234", PHONE_ALLOWED },
		{ "+819000001234", "+8190000012345", PHONE_UNLISTED },
		/* The longest entry decides, wherever it stands. */
		{ "+447700900123", "+44 -+4470", PHONE_ALLOWED },
		{ "+447000000000", "+44 -+4470", PHONE_REFUSED },
		{ "+447000000000", "-+4470 +44", PHONE_REFUSED },
		{ "+447000000000", "-+4470 +44 +44700", PHONE_ALLOWED },
		{ "+447700900123", "-+44 +4477", PHONE_ALLOWED },
		{ "+441610000000", "-+44 +4477", PHONE_REFUSED },
		/* Of two as long, refusing wins. */
		{ "+447700900123", "+44 -+44", PHONE_REFUSED },
		{ "+447700900123", "-+44 +44", PHONE_REFUSED },
		/* +1 is the United States and Canada. */
		{ "+12125550123", "+1", PHONE_ALLOWED },
		{ "+14165550123", "+1", PHONE_ALLOWED },
		{ "+12125550123", "+1212", PHONE_ALLOWED },
		{ "+16135550123", "-+1416 +1", PHONE_ALLOWED },
		{ "+18765550123", "+1 +1876", PHONE_ALLOWED },
		{ "+18765550123", "+1876", PHONE_ALLOWED },
		{ "+18765550123", "+1 +187", PHONE_APART },
		{ "+18765550123", "+81", PHONE_UNLISTED },
		{ "+18765550123", "-+1", PHONE_REFUSED },
		{ "+19005550123", "+1", PHONE_APART },
		{ "+15005550123", "+1", PHONE_APART },
		{ "+16005550123", "+1", PHONE_APART },
		{ "+19005550123", "+1 +1900", PHONE_ALLOWED },
		/* Never, whatever the list says. */
		{ "+870000000012", "+870", PHONE_NO_COUNTRY },
		{ "+878000000012", "+878 +8", PHONE_NO_COUNTRY },
		{ "+881000000012", "+881", PHONE_NO_COUNTRY },
		{ "+882000000012", "+882", PHONE_NO_COUNTRY },
		{ "+883000000012", "+883", PHONE_NO_COUNTRY },
		{ "+888000000012", "+888", PHONE_NO_COUNTRY },
		{ "+979000000012", "+979000000012", PHONE_NO_COUNTRY },
		{ "09000001234", "+81 +0", PHONE_UNLISTED },
		{ "", "+81", PHONE_UNLISTED },
	};
	/* Every code of "+1" beyond the United States and Canada. */
	static const char *const apart[] = { "242", "246", "264", "268", "284",
	    "340", "345", "441", "473", "649", "658", "664", "670", "671",
	    "684", "721", "758", "767", "784", "787", "809", "829", "849",
	    "868", "869", "876", "939" };

	(void)unused;
	for (size_t i = 0; i < N(rows); i++)
		if (phone_allowed(rows[i].e164, rows[i].list) != rows[i].reach)
			fail_msg("%s in \"%s\": %s", rows[i].e164, rows[i].list,
			    phone_reach_name(phone_allowed(rows[i].e164,
			    rows[i].list)));
	for (size_t i = 0; i < N(apart); i++) {
		char e164[PHONE_MAX + 1], named[32];

		snprintf(e164, sizeof(e164), "+1%s5550123", apart[i]);
		snprintf(named, sizeof(named), "+1 +1%s", apart[i]);
		assert_int_equal(phone_allowed(e164, "+1"), PHONE_APART);
		assert_int_equal(phone_allowed(e164, named), PHONE_ALLOWED);
	}
}

static void
reach_names(void **unused)
{
	static const char *const names[] = { "allowed", "not_in_list",
	    "refused_by_list", "not_named", "no_country" };

	(void)unused;
	for (size_t i = 0; i < N(names); i++)
		assert_string_equal(phone_reach_name((enum phone_reach)i),
		    names[i]);
	assert_string_equal(phone_reach_name((enum phone_reach)99), "unknown");
}

static void
lists_for_the_configuration(void **unused)
{
	static const struct {
		const char *list;
		enum mfa_err err;
		const char *why;
	} rows[] = {
		{ "", MFA_OK, "" },
		{ "   ", MFA_OK, "" },
		{ "+81 +44 -+4470", MFA_OK, "" },
		{ "+1 +1242 +1876", MFA_OK, "" },
		{ "+42\t+7", MFA_OK, "" },
		{ "81", MFA_ESYNTAX, "\"81\" is no prefix: write \"+81\" to "
		    "allow it, \"-+81\" to refuse it" },
		{ "+81 +", MFA_ESYNTAX, "\"+\" is no prefix: write \"+81\" to "
		    "allow it, \"-+81\" to refuse it" },
		{ "+81,+44", MFA_ESYNTAX, "\"+81,+44\" is no prefix: write "
		    "\"+81\" to allow it, \"-+81\" to refuse it" },
		{ "-44 +81", MFA_ESYNTAX, "\"44\" is no prefix: write "
		    "\"+81\" to allow it, \"-+81\" to refuse it" },
		{ "--+44 +81", MFA_ESYNTAX, "\"-+44\" is no prefix: write "
		    "\"+81\" to allow it, \"-+81\" to refuse it" },
		{ "+1234567890123456", MFA_ESYNTAX, "\"+1234567890123456\" is "
		    "no prefix: write \"+81\" to allow it, \"-+81\" to refuse "
		    "it" },
		{ "+081", MFA_ERANGE, "no country's numbers begin with +081: "
		    "write the calling code, as +81 for Japan" },
		{ "+81 +999", MFA_ERANGE, "no country's numbers begin with "
		    "+999: write the calling code, as +81 for Japan" },
		{ "+8816", MFA_ERANGE, "+8816 is a satellite or shared code: "
		    "no code ever goes there, take it out" },
		{ "+81 +44 +81", MFA_ERANGE, "+81 stands there twice: leave "
		    "one" },
		{ "+81 -+81", MFA_ERANGE, "+81 stands there twice: leave one" },
		{ "-+81 +81", MFA_ERANGE, "+81 stands there twice: leave one" },
		{ "-+81 -+44", MFA_ERANGE, "the list only refuses, so nothing "
		    "is allowed: add what is, as \"+81\"" },
	};

	(void)unused;
	for (size_t i = 0; i < N(rows); i++) {
		struct mfa_why why = { "" };
		enum mfa_err r = phone_prefixes_valid(rows[i].list, &why);

		if (r != rows[i].err)
			fail_msg("\"%s\": %d", rows[i].list, r);
		assert_string_equal(why.text, rows[i].why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(e164_or_not),
		cmocka_unit_test(masked),
		cmocka_unit_test(formats),
		cmocka_unit_test(extensions),
		cmocka_unit_test(ranges),
		cmocka_unit_test(where_codes_may_go),
		cmocka_unit_test(reach_names),
		cmocka_unit_test(lists_for_the_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
