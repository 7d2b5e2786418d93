# po2c.awk -v name=ja po/ja.po: the catalogue as C, for core/say.c. Run with
# LC_ALL=C: the order is strcmp's. What a translator has not finished (empty,
# fuzzy) is left out, and so comes in English.

function fail(text)
{
	printf "%s:%d: %s\n", FILENAME, FNR, text >"/dev/stderr"
	failed = 1
	exit 1
}

# What stands between the quotes; PO has C's escapes.
function quoted(line)
{
	if (line !~ /^"([^"\\]|\\[\\"nt])*"$/)
		fail("expected \"text\"")
	return substr(line, 2, length(line) - 2)
}

# As strcmp will see it.
function plain(text)
{
	gsub(/\\n/, "\n", text)
	gsub(/\\t/, "\t", text)
	gsub(/\\"/, "\"", text)
	gsub(/\\\\/, "\\", text)
	return text
}

# Insertion sort: a few hundred texts.
function keep(	i)
{
	if (id != "" && str != "" && !fuzzy) {
		for (i = n++; i > 0 && plain(ids[i - 1]) > plain(id); i--) {
			ids[i] = ids[i - 1]
			strs[i] = strs[i - 1]
		}
		ids[i] = id
		strs[i] = str
	}
	id = str = field = ""
	fuzzy = 0
}

# A '?' could begin a trigraph.
function c_text(text)
{
	gsub(/\?/, "\\?", text)
	return "\"" text "\""
}

/^#,.*fuzzy/ { fuzzy_next = 1 }
/^#/ || /^[ \t]*$/ { next }
/^msgid / { keep(); fuzzy = fuzzy_next; fuzzy_next = 0
	field = "id"; id = quoted(substr($0, 7)); next }
/^msgstr / { field = "str"; str = quoted(substr($0, 8)); next }
/^"/ && field == "id" { id = id quoted($0); next }
/^"/ && field == "str" { str = str quoted($0); next }
{ fail("expected msgid, msgstr, \"text\" or #") }

END {
	if (failed)
		exit 1
	keep()
	print "/* From " FILENAME ". */"
	print "#include \"pam_mfa/core/say.h\"\n"
	print "static const struct say_pair pairs[] = {"
	for (i = 0; i < n; i++)
		print "\t{ " c_text(ids[i]) ",\n\t    " c_text(strs[i]) " },"
	print "};\n"
	print "extern const struct say_catalogue say_" name ";"
	print "const struct say_catalogue say_" name " = { pairs,"
	print "    sizeof(pairs) / sizeof(*pairs) };"
}
