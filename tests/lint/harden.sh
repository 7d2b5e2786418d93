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
# The linker drops the mark if the C library's start files lack it.
if [ "$(uname -m)" = x86_64 ]; then
	for o in "$B"/pam_mfa/*.o "$B"/pam_mfa/*/*.o "$B"/send/*.o \
	    "$B"/enroll/*.o; do
		has "$o" 'control-flow protection' -n 'IBT, SHSTK'
	done
fi
exit $bad
