"""The certificate is made once, kept private, renewed, and safe with several processes at once."""

from __future__ import annotations

import ssl
import stat
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from cryptography import x509

from simulator.cache import cache_folder
from simulator.certificates import load_certificates


def made_in(cache: Path) -> bytes:
    return load_certificates(cache).certificate


def test_made_once(tmp_path: Path) -> None:
    first, second = load_certificates(tmp_path), load_certificates(tmp_path)
    assert first == second
    assert first.ca_file.parent == tmp_path / "certificates"


def test_key_is_private_and_the_ca_key_is_gone(tmp_path: Path) -> None:
    folder = load_certificates(tmp_path).ca_file.parent
    assert sorted(file.name for file in folder.iterdir()) == ["ca.pem", "server.key", "server.pem"]
    assert stat.S_IMODE((folder / "server.key").stat().st_mode) == 0o600


def test_names_and_chain(tmp_path: Path) -> None:
    certificates = load_certificates(tmp_path)
    server = x509.load_pem_x509_certificate(certificates.certificate)
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert set(names.get_values_for_type(x509.DNSName)) == {"*.spot.robot", "localhost"}
    server.verify_directly_issued_by(x509.load_pem_x509_certificate(certificates.ca_file.read_bytes()))
    ssl.create_default_context(cafile=str(certificates.ca_file))


def test_renewed_when_it_expires(tmp_path: Path) -> None:
    old = load_certificates(tmp_path)
    later = datetime.now(UTC) + timedelta(days=1000)
    renewed = load_certificates(tmp_path, later)
    assert renewed.certificate != old.certificate
    assert x509.load_pem_x509_certificate(renewed.certificate).not_valid_after_utc > later


def test_damaged_files_are_made_again(tmp_path: Path) -> None:
    load_certificates(tmp_path).ca_file.write_text("nonsense")
    assert b"BEGIN CERTIFICATE" in load_certificates(tmp_path).ca_file.read_bytes()


def test_two_processes_at_once_get_the_same(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        results = set(pool.map(made_in, [tmp_path] * 4))
    assert len(results) == 1


def test_place_of_the_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SPOT_AGENT_CACHE", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"
    monkeypatch.delenv("SPOT_AGENT_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "spot-agent"
