"""Certificates, made anew for every test run."""

import ssl
import subprocess
from pathlib import Path


class Certificates:
    """An authority, a server's certificate for a name and one for an address, and a client's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._make("ca", "-addext", "keyUsage=keyCertSign")
        self._sign("named", "subjectAltName=DNS:kubernetes.example")
        self._sign("addressed", "subjectAltName=IP:127.0.0.1")
        self._sign("client", "extendedKeyUsage=clientAuth")

    def path(self, name: str) -> str:
        """Return where a certificate or key lies."""
        return str(self._folder / name)

    def plain(self, name: str) -> ssl.SSLContext:
        """Return TLS for a server."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=self.path("ca.crt"))
        context.load_cert_chain(self.path(f"{name}.crt"), self.path(f"{name}.key"))
        return context

    def asking(self, name: str) -> ssl.SSLContext:
        """Return TLS for a server that asks for a client's certificate."""
        context = self.plain(name)
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    def _sign(self, name: str, extension: str) -> None:
        leaf = ("-addext", extension, "-addext", "basicConstraints=critical,CA:false")
        self._make(name, *leaf, "-CA", self.path("ca.crt"), "-CAkey", self.path("ca.key"))

    def _make(self, name: str, *words: str) -> None:
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-keyout", self.path(f"{name}.key"))
        made = ("-out", self.path(f"{name}.crt"), "-subj", f"/CN={name}", "-days", "1")
        command = ["openssl", "req", "-x509", "-nodes", *key, *made, *words]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # a test's own words
