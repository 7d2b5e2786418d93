#!/bin/sh
# tests/optional/prism.sh FOLDER: what the profiles of Twilio and Infobip send,
# against these providers' own descriptions of their interfaces, by Prism. In
# FOLDER are, or some of them:
#	twilio_api_v2010.yaml		Twilio: twilio/twilio-oai, spec/yaml
#	infobip-sms-openapi.json	Infobip: its API reference, SMS, "OpenAPI"
#	infobip-voice-openapi.json	the same, Voice
# They are the providers', and stay out of this repository. Needs npm, which
# puts Prism into build/prism. A field that a description does not know is no
# fault to Prism.
set -u
P=build/prism

skip()
{
	echo "1..0 # SKIP $1"
	exit 0
}

if [ "${1:-}" != --inside ]; then
	cd "$(dirname "$0")/../.." || exit 99
	[ -d "${1:-}" ] || { sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2; }
	command -v npm >/dev/null || skip 'no npm'
	mkdir -p $P/specs
	rm -f $P/specs/*
	cp "$1"/twilio_api_v2010.yaml "$1"/infobip-sms-openapi.json \
	    "$1"/infobip-voice-openapi.json $P/specs 2>/dev/null
	[ -x $P/node_modules/.bin/prism ] || npm install --prefix $P \
	    --no-audit --no-fund --loglevel=error @stoplight/prism-cli >&2 ||
	    exit 1
	exec env NS_TIMEOUT=300 tests/ns.sh tests/optional/prism.sh --inside
fi

. tests/e2e/lib.sh
. tests/e2e/lib_sender.sh
PRISMS=

# prism PORT DOCUMENT: skips what is not there.
prism()
{
	LOG=$NS/prism.$1 AT=http://127.0.0.1:$1
	[ -e "$P/specs/$2" ] || { echo "# SKIP no $2"; return 1; }
	NO_COLOR=1 node $P/node_modules/.bin/prism mock -h 127.0.0.1 -p "$1" \
	    "$P/specs/$2" >>"$LOG" 2>&1 </dev/null &
	PRISMS="$PRISMS $!"
	ok "$2 is read" reads "$1"
}

# A large document takes it a while.
reads()
{
	for _ in 1 2 3; do
		wait_port "$1" && return
	done
	cat "$LOG"
	return 1
}

# shipped NAME [SED]: the profile as it comes, but for where it sends to and
# what an administrator fills in; then changed by SED.
shipped()
{
	sed -e "s|https://[a-z.]*\.com/|$AT/|" \
	    -e 's/^\(account = AC\|key = SK\)x*/\10123456789abcdef0123456789abcdef/' \
	    -e "${2:-}" "conf/senders/$1.conf" >"$SENDERS/$1.conf"
	cp -p /etc/mfa/secrets/key "/etc/mfa/secrets/$1.key"
}

# taken NAME WORDS ...: and Prism has nothing to say about the request.
taken()
{
	: >"$LOG"
	send "$@"
	handed_over && grep -q '^id=.' "$OUT" &&
	    ! grep -qi 'violation\|did not pass' "$LOG" ||
	    { cat "$LOG"; return 1; }
}

# not_taken WORDS NAME ...: Prism finds a fault, and these are its words.
not_taken()
{
	: >"$LOG"
	words=$1
	shift
	send "$@"
	field handed_over no && grep -qF "$words" "$LOG" ||
	    { cat "$LOG"; return 1; }
}

JA='to=+819000001234 language=ja'

# both NAME KIND: takes it in two languages.
both()
{
	shipped "$1"
	ok "$1, $2" taken "$1" "kind=$2"
	# shellcheck disable=SC2086
	ok '... in Japanese' taken "$1" "kind=$2" $JA text="ログイン: $CODE"
}

# without NAME KIND FIELD SED: refused for want of the field.
without()
{
	shipped "$1" "$4"
	ok "... not without $3" not_taken "required property '$3'" "$1" "kind=$2"
}

if prism 4010 twilio_api_v2010.yaml; then
	both twilio sms
	without twilio sms To '/^form = To /d'
	shipped twilio 's/^\(form = ValidityPeriod =\).*/\1 soon/'
	ok '... nor with a word for a number' not_taken 'must be integer' twilio
	shipped twilio '/^basic =/d'
	ok '... nor without a key' not_taken 'security' twilio
	shipped twilio 's/^account = AC/account = XY/'
	ok '... nor to no account' not_taken 'pattern' twilio
	both twilio voice
	ok '... with an extension' taken twilio kind=voice extension=123
	without twilio voice From '/^form = From /d'
fi
if prism 4011 infobip-sms-openapi.json; then
	both infobip sms
	without infobip sms destinations '/^json =  "destinations"/d'
	shipped infobip '/^header = Authorization/d'
	ok '... nor without a key' not_taken 'security' infobip
fi
if prism 4012 infobip-voice-openapi.json; then
	both infobip voice
	without infobip voice destinations '/^json =  "destinations"/d'
	shipped infobip 's/"callTimeout": 25/"callTimeout": "soon"/'
	ok '... nor with a word for a number' not_taken 'must be integer' \
	    infobip kind=voice
fi
for pid in $PRISMS; do
	kill "$pid"
	wait "$pid"
done 2>/dev/null
[ "$TESTS" -gt 0 ] || skip 'no description of a provider in the folder'
finish
