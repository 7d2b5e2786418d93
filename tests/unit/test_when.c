/* Conditions as they are written: what is taken, and what each mistake says. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/when.h"

static const struct {
	enum when_key key;
	const char *list;
	enum mfa_err r;
	const char *why;	/* what it holds */
} rows[] = {
	{ WHEN_USER, "a", MFA_OK, "" },
	{ WHEN_USER, "!a, b c ,,d", MFA_OK, "" },
	{ WHEN_USER, "", MFA_ESYNTAX, "a list" },
	{ WHEN_USER, " , ,", MFA_ESYNTAX, "a list" },
	{ WHEN_USER, "a, !", MFA_ESYNTAX, "a list" },
	{ WHEN_USER, "!, a", MFA_ESYNTAX, "a list" },
	{ WHEN_USER, "! \t, a", MFA_ESYNTAX, "a list" },
	{ WHEN_FROM, "192.0.2.1, 192.0.2.0/24, ::1, 2001:db8::/32, local",
	    MFA_OK, "" },
	{ WHEN_FROM, "0.0.0.0/0, ::/0, 192.0.2.1/32, ::1/128", MFA_OK, "" },
	{ WHEN_FROM, "192.0.2.0/33", MFA_ESYNTAX, "192.0.2.0/33" },
	{ WHEN_FROM, "::/129", MFA_ESYNTAX, "::/129" },
	{ WHEN_FROM, "192.0.2.0/", MFA_ESYNTAX, "192.0.2.0/" },
	{ WHEN_FROM, "192.0.2.0/+8", MFA_ESYNTAX, "/+8" },
	{ WHEN_FROM, "192.0.2.0/255.255.255.0", MFA_ESYNTAX, "network such" },
	{ WHEN_FROM, "192.0.2", MFA_ESYNTAX, "192.0.2" },
	{ WHEN_FROM, "example.com", MFA_ESYNTAX, "example.com" },
	{ WHEN_FROM, "!Local", MFA_ESYNTAX, "\"local\"" },
	{ WHEN_FROM, "1.2.3.4 5.6.7.8", MFA_ESYNTAX, "no address" },
	{ WHEN_FROM, "1111:2222:3333:4444:5555:6666:7777:8888:9999:0000",
	    MFA_ESYNTAX, "no address" },
	{ WHEN_TTY, "tty1, ttyS*, *", MFA_OK, "" },
	{ WHEN_TIME, "Mon, Tue-Fri, 08:00-18:00, Sat 22:00-24:00, "
	    "Sun-Mon   00:00-00:00", MFA_OK, "" },
	{ WHEN_TIME, "mon", MFA_ESYNTAX, "\"mon\" is no time such" },
	{ WHEN_TIME, "Monday", MFA_ESYNTAX, "Monday" },
	{ WHEN_TIME, "Mon-", MFA_ESYNTAX, "Mon-" },
	{ WHEN_TIME, "Mon-Fr", MFA_ESYNTAX, "Mon-Fr" },
	{ WHEN_TIME, "Mon-Fri 8:00-18:00", MFA_ESYNTAX, "8:00" },
	{ WHEN_TIME, "08:00", MFA_ESYNTAX, "08:00" },
	{ WHEN_TIME, "08:00-18:0", MFA_ESYNTAX, "18:0" },
	{ WHEN_TIME, "08:00 18:00", MFA_ESYNTAX, "18:00" },
	{ WHEN_TIME, "08:60-18:00", MFA_ESYNTAX, "08:60" },
	{ WHEN_TIME, "08:00-24:01", MFA_ESYNTAX, "24:01" },
	{ WHEN_TIME, "25:00-26:00", MFA_ESYNTAX, "25:00" },
	{ WHEN_TIME, "08:00-18:00 Mon", MFA_ESYNTAX, "Mon" },
};

static void
mistakes(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct when w = { .list[WHEN_TTY] = "kept" };
		struct mfa_why why = { "" };
		enum mfa_err r = when_set(&w, rows[i].key, rows[i].list,
		    &why);

		if (r != rows[i].r || strstr(why.text, rows[i].why) == NULL)
			fail_msg("row %zu: %s: %s", i, rows[i].list, why.text);
		if (rows[i].key != WHEN_TTY)
			assert_string_equal(w.list[WHEN_TTY], "kept");
		assert_string_equal(w.list[rows[i].key], r && rows[i].key !=
		    WHEN_TTY ? "" : r ? "kept" : rows[i].list);
	}
}

static void
too_long(void **unused)
{
	char list[WHEN_LIST_MAX + 1];
	struct when w = { 0 };
	struct mfa_why why;

	(void)unused;
	memset(list, 'a', sizeof(list));
	for (size_t i = 100; i < sizeof(list); i += 100)
		list[i] = ',';
	list[WHEN_LIST_MAX - 1] = '\0';
	assert_int_equal(when_set(&w, WHEN_USER, list, &why), MFA_OK);
	list[WHEN_LIST_MAX - 1] = 'a';
	list[WHEN_LIST_MAX] = '\0';
	assert_int_equal(when_set(&w, WHEN_USER, list, &why), MFA_ERANGE);
	assert_non_null(strstr(why.text, "write a second policy"));
	list[WHEN_ITEM_MAX] = '\0';
	list[100] = 'a';
	assert_int_equal(when_set(&w, WHEN_USER, list, &why), MFA_ESYNTAX);
	list[WHEN_ITEM_MAX - 1] = '\0';
	assert_int_equal(when_set(&w, WHEN_USER, list, &why), MFA_OK);
}

static void
items(void **unused)
{
	const char *list = " a b ,! c,,!d\t,e";
	const char *const texts[] = { "a b", "c", "d", "e" };
	struct when_item item;

	(void)unused;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(when_next(&list, &item), MFA_OK);
		assert_string_equal(item.text, texts[i]);
		assert_int_equal(item.not, i == 1 || i == 2);
	}
	assert_int_equal(when_next(&list, &item), MFA_ENOENT);
	assert_int_equal(when_next(&list, &item), MFA_ENOENT);
}

static enum when_met
member(const void *ctx, const char *group)
{
	(void)ctx;
	return *group == 'u' ? WHEN_UNKNOWN : *group == 'y' ? WHEN_YES :
	    WHEN_NO;
}

/* Which key decided: the first that is not met, else the first unknown. */
static void
decider(void **unused)
{
	struct when_login l = { .user = "a", .service = "s", .rhost = "h",
	    .tty = "t", .minute = -1, .member = member };
	enum when_key key = WHEN_TTY;
	struct when w = { .list[WHEN_USER] = "a" };

	(void)unused;
	assert_int_equal(when_check(&w, &l, &key), WHEN_YES);
	assert_int_equal(key, WHEN_TTY);
	strcpy(w.list[WHEN_TIME], "Mon");
	assert_int_equal(when_check(&w, &l, &key), WHEN_UNKNOWN);
	assert_int_equal(key, WHEN_TIME);
	strcpy(w.list[WHEN_GROUP], "u");
	assert_int_equal(when_check(&w, &l, &key), WHEN_UNKNOWN);
	assert_int_equal(key, WHEN_GROUP);
	strcpy(w.list[WHEN_TTY], "x");
	assert_int_equal(when_check(&w, &l, &key), WHEN_NO);
	assert_int_equal(key, WHEN_TTY);
	strcpy(w.list[WHEN_SERVICE], "!s");
	assert_int_equal(when_check(&w, &l, &key), WHEN_NO);
	assert_int_equal(key, WHEN_SERVICE);
	assert_int_equal(when_check(&w, &l, NULL), WHEN_NO);
	assert_string_equal(when_key_name(WHEN_FROM), "from");
}

static void
addresses(void **unused)
{
	static const struct {
		const char *text, *is;	/* NULL: none */
	} table[] = { { "192.0.2.7", "192.0.2.7" },
	    { "::ffff:192.0.2.7", "192.0.2.7" },
	    { "2001:DB8:0::1", "2001:db8::1" },
	    { "fe80::1%eth0", "fe80::1" },
	    { "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" }, { "", NULL },
	    { "192.0.2.0/24", NULL }, { "192.0.2", NULL },
	    { "host.example.com", NULL }, { "local", NULL },
	    { "192.0.2.7 ", NULL }, { "::1/128", NULL } };

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		char got[WHEN_ADDRESS_MAX] = "as it was";
		enum mfa_err r = when_address(table[i].text, got);

		if (r != (table[i].is ? MFA_OK : MFA_ESYNTAX) ||
		    strcmp(got, table[i].is ? table[i].is : "as it was"))
			fail_msg("%s: %s", table[i].text, got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(mistakes),
	    cmocka_unit_test(too_long), cmocka_unit_test(items),
	    cmocka_unit_test(decider), cmocka_unit_test(addresses) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
