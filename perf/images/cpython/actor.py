"""100 MiB of rows; POST /change rewrites one in a hundred of them with new random bytes."""
import random
from http.server import BaseHTTPRequestHandler, HTTPServer

ROWS = 100 * 1024
source = random.Random(1)
rows = [bytearray(source.randbytes(1024)) for _ in range(ROWS)]
changes = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer()

    def do_POST(self):
        global changes
        changes += 1
        fresh = random.Random(1000 + changes)
        for row in fresh.sample(range(ROWS), ROWS // 100):
            rows[row][:] = fresh.randbytes(1024)
        self.answer()

    def answer(self):
        body = str(changes).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return self.client_address[0]

    def log_message(self, *_):
        pass


HTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
