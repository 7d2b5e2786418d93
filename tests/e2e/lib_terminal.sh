# A terminal of 80x24 that tests can look at; after lib.sh.
TERMINAL=0

# The terminal: tmux holds it, a shell runs in it.
screen()
{
	tmux -S "$NS/tmux$TERMINAL" "$@"
}

# terminal LANG: a new one of 80x24.
terminal()
{
	[ "$TERMINAL" -eq 0 ] || screen kill-server
	TERMINAL=$((TERMINAL + 1))
	screen -u -f /dev/null new-session -d -x 80 -y 24 \
	    env -i PATH="$PATH" TERM=screen LANG="$1" HOME=/root PS1='# ' sh
	screen set-option history-limit 500 >/dev/null
}

types()
{
	screen send-keys -l -- "$1"
	screen send-keys Enter
}

# Waits until the screen, or what was scrolled off it, has these words.
shows()
{
	for _ in $(seq 200); do
		screen capture-pane -p -J -S - >"$OUT" || return 1
		says "$1" && return
		sleep 0.05
	done
	return 1
}

# qr FROM: the URI in the QR code, from that line of the terminal on.
qr()
{
	screen capture-pane -p -S "$1" | python3 tests/e2e/grid2pgm.py \
	    >"$NS/qr.pgm"
	zbarimg -q --raw -Sdisable -Sqrcode.enable "$NS/qr.pgm" 2>/dev/null
}

stored_key()
{
	sed -n 's/^secret = //p' "/etc/mfa/users/$1" | tail -n 1
}
