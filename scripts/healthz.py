"""Exits 0 when the web server on 127.0.0.1 (port 8000, or the first argument) is well, else 1. For containers."""

import sys

from common import web_answers

if __name__ == "__main__":
    sys.exit(0 if web_answers(int(sys.argv[1]) if len(sys.argv) > 1 else 8000) else 1)
