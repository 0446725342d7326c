"""The certificate with which the fake Spot proves that it is ``*.spot.robot`` to those who trust its CA."""

from __future__ import annotations

import fcntl
import ipaddress
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from simulator.cache import cache_folder

_VALID = timedelta(days=825)
_RENEW_BEFORE = timedelta(days=30)
_NAMES = ("*.spot.robot", "localhost")


@dataclass(frozen=True, slots=True)
class Certificates:
    """What a server needs, and the file that a client must trust.

    Attributes:
        ca_file: PEM file of the CA; give it to ``create_standard_sdk(name, cert_resource_glob=...)``.
        certificate: The server's certificate, PEM.
        private_key: The server's private key, PEM.
    """

    ca_file: Path
    certificate: bytes
    private_key: bytes


def load_certificates(cache: Path | None = None, now: datetime | None = None) -> Certificates:
    """Load the certificates from ``<cache>/certificates``, after making or renewing them if need be.

    Safe when several processes do it at once. The CA's private key is not kept: nobody can sign with it again.

    Args:
        cache: Folder of the cache; :func:`simulator.cache.cache_folder` if not given.
        now: The date for which they must be valid; today if not given.

    Raises:
        OSError: The cache cannot be written.
    """
    cache = cache or cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / "certificates"
    with _locked(cache / "certificates.lock"):
        if not _is_valid(folder, now or datetime.now(UTC)):
            _replace(folder, now or datetime.now(UTC))
        return Certificates(
            ca_file=folder / "ca.pem",
            certificate=(folder / "server.pem").read_bytes(),
            private_key=(folder / "server.key").read_bytes(),
        )


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # released when the file is closed
        yield


def _is_valid(folder: Path, now: datetime) -> bool:
    try:
        certificates = [
            x509.load_pem_x509_certificate((folder / name).read_bytes()) for name in ("ca.pem", "server.pem")
        ]
        has_key = (folder / "server.key").stat().st_size > 0
    except (OSError, ValueError):
        return False
    return has_key and all(now + _RENEW_BEFORE < each.not_valid_after_utc for each in certificates)


def _replace(folder: Path, now: datetime) -> None:
    fresh = folder.with_name(f"certificates.{secrets.token_hex(4)}")
    fresh.mkdir(mode=0o700)
    _write_all(fresh, now)
    if folder.exists():
        shutil.rmtree(folder)
    fresh.rename(folder)


def _write_all(folder: Path, now: datetime) -> None:
    ca_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "spot-agent fake Spot CA")])
    ca = _builder(ca_name, ca_name, ca_key.public_key(), now)
    ca = ca.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    server_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "spot-agent fake Spot")])
    server = _builder(server_name, ca_name, server_key.public_key(), now)
    names = [*map(x509.DNSName, _NAMES), x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
    server = server.add_extension(x509.SubjectAlternativeName(names), critical=False)
    server = server.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    signed = {"ca.pem": ca.sign(ca_key, hashes.SHA256()), "server.pem": server.sign(ca_key, hashes.SHA256())}
    for name, certificate in signed.items():
        (folder / name).write_bytes(certificate.public_bytes(Encoding.PEM))
    key = server_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = os.open(folder / "server.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as stream:
        stream.write(key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID)
    )
