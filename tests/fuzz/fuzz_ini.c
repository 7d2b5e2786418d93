/* The lexer: each item, written down again, reads the same. */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/ini.h"
#include "fuzz.h"

static void
again(const struct ini_item *item)
{
	struct mfa_why why = { "" };
	struct ini_item same;
	struct buf line = { 0 };
	struct ini ini;

	if (item->kind == INI_KEY)
		fuzz_must(!buf_printf(&line, "%s=%s", item->name, item->value));
	else
		fuzz_must(!buf_printf(&line, "[%s%s%s]\n", item->name,
		    *item->value ? " " : "", item->value));
	ini_init(&ini, buf_str(&line), line.len);
	fuzz_must(!ini_next(&ini, &same, &why));
	fuzz_must(same.kind == item->kind && same.line == 1);
	fuzz_must(!strcmp(same.name, item->name));
	fuzz_must(!strcmp(same.value, item->value));
	buf_wipe(&line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = fuzz_bytes(data, len);
	struct mfa_why why = { "" };
	struct ini_item item = { .kind = INI_KEY };
	unsigned before = 0;
	struct ini ini;
	enum mfa_err r;

	ini_init(&ini, text, len);
	while (!(r = ini_next(&ini, &item, &why)) && item.kind != INI_END) {
		fuzz_must(item.line > before);
		before = item.line;
		again(&item);
	}
	fuzz_why(&why);
	fuzz_must(r == MFA_OK || *why.text != '\0');
	if (r == MFA_OK)
		fuzz_must(!ini_next(&ini, &item, &why) &&
		    item.kind == INI_END);
	free(text);
	return 0;
}
