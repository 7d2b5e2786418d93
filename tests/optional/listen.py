#!/usr/bin/python3
"""listen.py FOLDER N: the code that was said in the N-th call of the baresip
whose recordings and log are in FOLDER; waits until that call is over.

What stands between two silences is compared with espeak-ng's ten digits, by
the shape of its spectrum over time (dynamic time warping), and is the digit
that is nearest. The call has to say "Your login code is" and six digits, twice,
and both times the same. On standard error: for each digit how far the nearest
and the second one are. It knows this voice only; it is no speech recognition."""
import array
import glob
import math
import subprocess
import sys
import time
import wave

RATE = 8000
STEP = 80			# 10 ms
FRAME = 200			# 25 ms
OVER = "terminated"		# says baresip
SILENCE = 25			# steps that part two words
TONES = range(150, 3800, 75)	# Hz
BANDS = 14
MARGIN = 1.3			# the second has to be so much farther away
WINDOW = [0.54 - 0.46 * math.cos(2 * math.pi * i / (FRAME - 1))
          for i in range(FRAME)]
WAVES = [[(WINDOW[i] * math.cos(2 * math.pi * hz * i / RATE),
           WINDOW[i] * math.sin(2 * math.pi * hz * i / RATE))
          for i in range(FRAME)] for hz in TONES]


def samples(data):
    a = array.array("h")
    a.frombytes(data[:len(data) // 2 * 2])
    return a


def call(folder, n):
    """The file of a call that is over."""
    for _ in range(600):
        with open(folder + "/log", encoding="utf-8", errors="replace") as f:
            over = f.read().count(OVER)
        calls = sorted(glob.glob(folder + "/dump-*-dec.wav"))
        if over >= n <= len(calls):
            return calls[n - 1]
        time.sleep(0.1)
    sys.exit("listen: call %d is not over" % n)


def recording(path):
    with wave.open(path) as w:
        if (w.getframerate(), w.getnchannels(), w.getsampwidth()) != (RATE, 1, 2):
            sys.exit("listen: not 8 kHz, mono, 16 bits")
        return samples(w.readframes(w.getnframes()))


def spoken(digit):
    """By the voice and speed of voice-send."""
    text = '<speak>%d<break time="300ms"/></speak>' % digit
    wav = subprocess.run(
        ["espeak-ng", "-m", "-v", "en", "-s", "130", "--stdin", "--stdout"],
        input=text.encode(), capture_output=True, check=True).stdout
    return samples(subprocess.run(
        ["sox", "-t", "wav", "--ignore-length", "-", "-t", "raw", "-r",
         str(RATE), "-b", "16", "-e", "signed", "-c", "1", "-"],
        input=wav, capture_output=True, check=True).stdout)


def words(a):
    """[(from, to)] in steps."""
    loud = [sum(x * x for x in a[i:i + STEP]) / STEP
            for i in range(0, len(a) - STEP, STEP)]
    floor = max(loud, default=0) / 1000
    found, quiet = [], SILENCE
    for i, l in enumerate(loud):
        if l <= floor:
            quiet += 1
            continue
        if quiet >= SILENCE:
            found.append([i, i])
        found[-1][1] = i + 1
        quiet = 0
    return found


def shape(a):
    """The first word of a: per step the energies of bands, against their mean."""
    start, end = words(a)[0]
    rows = []
    for at in range(start * STEP, end * STEP, STEP):
        frame = list(a[at:at + FRAME]) + [0] * FRAME
        power = []
        for w in WAVES:
            re = im = 0.0
            for x, (c, s) in zip(frame, w):
                re += x * c
                im += x * s
            power.append(re * re + im * im)
        band = [math.log(1e6 + sum(power[len(power) * b // BANDS:
                                         len(power) * (b + 1) // BANDS]))
                for b in range(BANDS)]
        mean = sum(band) / BANDS
        rows.append([x - mean for x in band])
    return rows


def distance(p, q):
    """Of the best path through both, for each step of it."""
    far = float("inf")
    last = [0.0] + [far] * len(q)
    for x in p:
        row = [far]
        for j, y in enumerate(q):
            d = sum(abs(u - v) for u, v in zip(x, y))
            row.append(d + min(last[j], last[j + 1], row[j]))
        last = row
    return last[-1] / (len(p) + len(q))


def digit(word, known):
    best, second = sorted((distance(word, k), d)
                          for d, k in enumerate(known))[:2]
    print("%d: %.2f, then %d: %.2f" % (best[1], best[0], second[1], second[0]),
          file=sys.stderr)
    if second[0] < MARGIN * best[0]:
        sys.exit("listen: %d or %d?" % (best[1], second[1]))
    return str(best[1])


def main(folder, n):
    a = recording(call(folder, int(n)))
    found = words(a)
    if len(found) != 14:
        sys.exit("listen: %d words, not 14" % len(found))
    known = [shape(spoken(d)) for d in range(10)]
    said = "".join(digit(shape(a[s * STEP:(e + SILENCE) * STEP]), known)
                   for s, e in found[1:7] + found[8:14])
    if said[:6] != said[6:]:
        sys.exit("listen: said %s, then %s" % (said[:6], said[6:]))
    print(said[:6])


main(*sys.argv[1:])
