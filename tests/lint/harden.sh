#!/bin/sh
# Prints what a built file lacks of its hardening; silence is good.
set -u
B=${B:-build}
bad=0

lacks()
{
	echo "$1: $2"
	bad=1
}

# has FILE WHAT OPTION PATTERN: readelf OPTION FILE has the pattern.
has()
{
	readelf -W "$3" "$1" 2>/dev/null | grep -qE "$4" || lacks "$1" "no $2"
}

has_not()
{
	! readelf -W "$3" "$1" 2>/dev/null | grep -qE "$4" || lacks "$1" "$2"
}

for f in "$B/pam_mfa.so" "$B/mfactl" "$B/mfa-send"; do
	has "$f" 'position-independent code' -h 'Type: *DYN'
	has "$f" RELRO -l GNU_RELRO
	has "$f" BIND_NOW -d 'FLAGS.*NOW'
	has "$f" 'stack canary' --dyn-syms __stack_chk_fail
	has "$f" 'fortified calls' --dyn-syms '__[a-z]+_chk@'
	has "$f" GNU_STACK -l GNU_STACK
	has_not "$f" 'executable stack' -l 'GNU_STACK.* RWE'
	has_not "$f" 'a segment both writable and executable' -l 'LOAD.* RWE'
	has_not "$f" 'relocations in its code' -d TEXTREL
	has_not "$f" 'a search path for libraries' -d 'R(UN)?PATH'
done
for f in "$B/mfactl" "$B/mfa-send"; do
	has "$f" 'PIE' -d 'FLAGS_1.*PIE'
done

# These leave no mark in a program: they are seen in harden.c, which is compiled
# as all others are. Whether the compiler and the C library have
# _FORTIFY_SOURCE 3 is asked of them, as the Makefile does.
make -s B="$B" "$B/tests/lint/harden.o" || exit 99
nm "$B/tests/lint/harden.o" | grep -q __stack_chk_fail ||
	lacks "$B" 'no stack canary'
if ${CC:-cc} -O2 -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 \
    -include features.h -c -x c -o /dev/null /dev/null 2>/dev/null; then
	nm "$B/tests/lint/harden.o" | grep -q __memcpy_chk ||
		lacks "$B" 'no _FORTIFY_SOURCE 3'
fi

# The linker drops the mark if the C library's start files lack it.
if [ "$(uname -m)" = x86_64 ]; then
	for o in "$B"/pam_mfa/*.o "$B"/pam_mfa/*/*.o "$B"/send/*.o \
	    "$B"/enroll/*.o "$B"/po/*.o; do
		has "$o" 'control-flow protection' -n 'IBT, SHSTK'
	done
	objdump -d "$B/tests/lint/harden.o" | grep -qE 'or[a-z] +\$0x0,.*\(%rsp' ||
		lacks "$B" 'no protection against a clash of stacks'
fi
exit $bad
