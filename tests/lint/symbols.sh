#!/bin/sh
# symbols.sh CHECK: prints calls that are not allowed; silence is good.
set -eu
B=${B:-build}
here=tests/lint

# What an object, archive or shared object calls; foo, not __foo_chk.
calls()
{
	nm $DYN -u "$1" | awk '$1 == "U" || $1 == "w" { print $2 }' |
	    sed 's/@.*//; s/^__\(.*\)_chk$/\1/' | sort -u
}

defines()
{
	nm --defined-only "$1" | awk 'NF == 3 { print $3 }' | sort -u
}

list()
{
	cat "$@" | grep -v '^#' | sort -u
}

OPENSSL='^(CRYPTO|ERR|EVP|OPENSSL|OSSL|RAND)_'
DYN=

core()
{
	for o in "$B"/pam_mfa/core/*.o "$B"/po/*.o; do
		defines "$o"
	done | sort -u >"$T/own"
	for o in "$B"/pam_mfa/core/*.o; do
		calls "$o" | sort - "$T/own" "$T/own" | uniq -u >"$T/calls"
		[ "${o##*/}" != crypto.o ] ||
		    sed -i -E "/$OPENSSL/d" "$T/calls"
		list $here/core.allow | comm -13 - "$T/calls" |
		    sed "s|^|${o#"$B"/} calls |"
	done
}

module()
{
	DYN=-D calls "$B/pam_mfa.so" | sed -E "/$OPENSSL/d" >"$T/calls"
	list $here/core.allow $here/module.allow $here/process.only |
	    comm -13 - "$T/calls" |
	    sed 's/^/pam_mfa.so calls /'
}

# only OBJECTS LIST: no other object of the module calls what is in the list.
only()
{
	for o in "$B"/pam_mfa/*.o "$B"/pam_mfa/*/*.o; do
		[ "${1#*"${o##*/}"}" = "$1" ] || continue
		calls "$o" >"$T/calls"
		list "$2" | comm -12 - "$T/calls" |
		    sed "s|^|${o#"$B"/} calls |"
	done
}

files()
{
	only "file.o file_above.o" $here/file.only
}

processes()
{
	only child.o $here/process.only
}

# The libraries of mfa-send, and what belongs to it, stay out of the module.
libraries()
{
	readelf -d "$B/pam_mfa.so" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' |
	    grep -vE '^(libpam|libcrypto|libc)\.so\.[0-9]+$' |
	    sed 's/^/pam_mfa.so needs /'
}

mfactl()
{
	DYN=-D calls "$B/mfactl" >"$T/calls"
	list $here/mfactl.deny | comm -12 - "$T/calls" |
	    sed 's/^/mfactl calls /'
}

exports()
{
	nm -D --defined-only "$B/pam_mfa.so" |
	    awk '$3 !~ /^pam_sm_(authenticate|setcred)$/ { print "pam_mfa.so exports " $3 }'
	[ "$(nm -D --defined-only "$B/pam_mfa.so" | wc -l)" -eq 2 ] ||
		echo 'pam_mfa.so lacks an entry point'
}

T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
"$1" >"$T/findings"
cat "$T/findings"
[ ! -s "$T/findings" ]
