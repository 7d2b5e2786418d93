/* What pam_mfa.so is to the program that loads it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fake/pamhost.h"

/* The words a command prints about $SO, each with a blank behind. */
static void
words_of(const char *command, char *ret, size_t cap)
{
	char so[512], word[256];
	FILE *f;

	setenv("SO", pamhost_build("pam_mfa.so", so, sizeof(so)), 1);
	f = popen(command, "r");
	assert_non_null(f);
	*ret = '\0';
	while (fscanf(f, "%255s", word) == 1) {
		size_t len = strlen(ret);

		snprintf(ret + len, cap - len, "%s ", word);
	}
	assert_int_equal(pclose(f), 0);
}

static void
at74_exports_the_entry_points(void **state)
{
	char words[1024];

	(void)state;
	words_of("nm -D --defined-only \"$SO\" | awk '{print $NF}' | sort",
	    words,
	    sizeof(words));
	assert_string_equal(words, "pam_sm_authenticate pam_sm_setcred ");
}

static void
needs_libpam_and_libcrypto(void **state)
{
#ifdef __SANITIZE_ADDRESS__
	(void)state;
	skip();
#else
	char words[1024];

	(void)state;
	words_of("readelf -d \"$SO\" | "
	    "sed -n 's/.*NEEDED.*\\[\\(.*\\)\\.so.*/\\1/p'"
	    " | sort", words, sizeof(words));
	assert_string_equal(words, "libc libcrypto libpam ");
#endif
}

static void *
load(void)
{
	char so[512];
	void *module = dlopen(pamhost_build("pam_mfa.so", so, sizeof(so)),
	    RTLD_NOW | RTLD_LOCAL);

	if (!module)
		fail_msg("%s", dlerror());
	return module;
}

static void
at74_loads_with_all_its_symbols(void **state)
{
	void *module = load();

	(void)state;
	assert_non_null(dlsym(module, "pam_sm_authenticate"));
	assert_non_null(dlsym(module, "pam_sm_setcred"));
	assert_null(dlsym(module, "pam_sm_acct_mgmt"));
	assert_null(dlsym(module, "mfa_wipe"));
	dlclose(module);
}

static size_t
count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	size_t n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static size_t
count_maps(void)
{
	FILE *f = fopen("/proc/self/maps", "re");
	char line[1024];
	size_t n = 0;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		n++;
	fclose(f);
	return n;
}

static void
at21_leaves_nothing_when_unloaded(void **state)
{
	size_t fds, maps;

	(void)state;
	/* libcrypto keeps itself loaded: that is its own, and once. */
	for (int i = 0; i < 2; i++)
		dlclose(load());
	fds = count_fds();
	maps = count_maps();
	for (int i = 0; i < 100; i++)
		dlclose(load());
	assert_int_equal(count_fds(), fds);
	/* A sanitizer may map something for itself, but not each time. */
	assert_in_range(count_maps(), 0, maps + 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at74_exports_the_entry_points),
		cmocka_unit_test(needs_libpam_and_libcrypto),
		cmocka_unit_test(at74_loads_with_all_its_symbols),
		cmocka_unit_test(at21_leaves_nothing_when_unloaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
