"""http_requests.py PORT: asks a server of this machine for some pages, each on a new connection and on one that stays open."""
import hashlib
import http.client
import sys
import time

PAGES = ("/", "/large.txt", "/sub/", "/missing", "/moved", "/cgi?a=b")


def show(connection, method, page, headers):
    connection.request(method, page, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    print(method, page, answer.status, answer.getheader("Content-Encoding"), len(body) > 0,
          hashlib.md5(body).hexdigest() if page in ("/", "/large.txt") and not headers else "")


def main():
    port = int(sys.argv[1])
    for _ in range(1200):  # until it listens
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=60).connect()
            break
        except OSError:
            time.sleep(0.05)
    else:
        sys.exit("nobody listens")
    stays = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for page in PAGES:
        show(http.client.HTTPConnection("127.0.0.1", port, timeout=60), "GET", page, {})
        show(stays, "GET", page, {"Accept-Encoding": "gzip"})
        show(stays, "HEAD", page, {})
        show(stays, "OPTIONS", page, {})


main()
