/* Text from outside made safe; each line by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/app.h"
#include "../../pam_mfa/core/gsm.h"
#include "../../pam_mfa/core/method.h"
#include "../../pam_mfa/core/text.h"
#include "../../pam_mfa/core/utf8.h"
#include "fuzz.h"

static void
is_printable(const char *s)
{
	for (uint32_t c; *s != '\0';) {
		size_t n = utf8_next(s, &c);

		fuzz_must(n > 0 && c >= ' ' && (c < 0x7f || c >= 0xa0));
		s += n;
	}
}

static void
cleaned(const char *s)
{
	char small[8], large[300], field[33];
	struct gsm_size size;

	is_printable(text_clean(small, sizeof(small), s));
	is_printable(text_clean(large, sizeof(large), s));
	fuzz_must(!strncmp(small, large, strlen(small)));
	is_printable(text_field(field, sizeof(field), s));
	fuzz_must(*field != '\0' && strpbrk(field, " \"=%") == NULL);
	if (gsm_measure(s, &size))
		return;
	fuzz_must(size.segments >= 1);
	for (uint32_t c; *s != '\0';) {
		size_t n = utf8_next(s, &c);

		fuzz_must(n >= 1 && n <= 4 && c <= 0x10ffff);
		s += n;
	}
}

/* A name and its file name, both ways. */
static void
names(const char *s)
{
	char file[TEXT_NAME_MAX + 1], name[TEXT_NAME_MAX + 1];

	if (!text_name_escape(s, file)) {
		fuzz_must(*file && strchr(".-", *file) == NULL);
		fuzz_must(strchr(file, '/') == NULL);
		fuzz_must(!text_name_unescape(file, name) && !strcmp(name, s));
	}
	if (!text_name_unescape(s, name))
		fuzz_must(!text_name_escape(name, file) && !strcmp(file, s));
}

static void
numbers(const char *s)
{
	char text[32], list[64], services[APP_SERVICES_MAX];
	char again[APP_SERVICES_MAX];
	unsigned methods, same;
	uint64_t u;
	int64_t i;

	if (!text_u64(s, 0, UINT64_MAX, &u)) {
		snprintf(text, sizeof(text), "%llu", (unsigned long long)u);
		fuzz_must(!strcmp(text, s + strspn(s, "0")) || u == 0);
	}
	if (!text_i64(s, -1000, 1000, &i))
		fuzz_must(i >= -1000 && i <= 1000);
	if (!text_seconds(s, 1, 86400, &u))
		fuzz_must(u >= 1 && u <= 86400);
	if (!method_list(s, &methods)) {
		method_format(methods, list, sizeof(list));
		fuzz_must(!method_list(list, &same) && same == methods);
	}
	if (!app_services(s, services))
		fuzz_must(!app_services(services, again) &&
		    !strcmp(services, again));
}

static void
folded(char *s)
{
	char hex[17];
	uint8_t raw[8];
	size_t len = text_fold(s);

	fuzz_must(strlen(s) == len && text_fold(s) == len);
	if (!text_unhex(s, raw, sizeof(raw)))
		fuzz_must(text_case_equal(text_hex(hex, raw, sizeof(raw)), s));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const words[] = { "sshd", "sudo", "login", NULL };
	struct fuzz_input in = { data, len };

	while (in.left > 0) {
		char *line = fuzz_line(&in);

		cleaned(line);
		names(line);
		numbers(line);
		(void)text_nearest(line, words);
		folded(line);
		cleaned(line);
		free(line);
	}
	return 0;
}
