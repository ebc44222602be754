"""A mail server on a free port of this machine that keeps what it takes."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes
from email.message import Message
from email.policy import default


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            word = line.strip().upper()
            if word.startswith(b"DATA"):
                self._say("354 go on")
                if not self._take():
                    return
            elif word.startswith(b"RCPT") and self.server.refuses:
                self._say(self.server.refuses)
            elif word.startswith(b"QUIT"):
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        self.server.arrived.set()
        self.server.may_take.wait(60)
        if self.server.drops.is_set():
            self.server.dropped.set()
            return False
        self.server.taken.append(message_from_bytes(b"".join(lines), policy=default))
        self._say("250 taken")
        return True


class MailServer(socketserver.ThreadingTCPServer):
    """`taken` holds the mails; clear `may_take` to hold a mail in the middle, set `drops` to lose it then."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.taken: list[Message] = []
        self.refuses = ""
        self.arrived = threading.Event()
        self.may_take = threading.Event()
        self.may_take.set()
        self.drops = threading.Event()
        self.dropped = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])
