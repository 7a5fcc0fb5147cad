"""A process of a group that is ready at once, and does not leave when told to.

It leaves when its standard input ends: whoever started it is gone then, whatever ended them.
"""

import signal
import sys

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
