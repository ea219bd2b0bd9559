"""From the environment to one frozen object, and where the program's own files lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest

from tracker import database, settings
from tracker.settings import Oidc, Settings, SettingsError, load


@pytest.fixture(autouse=True)
def _nothing_chosen() -> Iterator[None]:
    settings.use(None)
    yield
    settings.use(None)


def test_an_empty_environment_gives_a_server_for_this_machine_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = Path.cwd()
    assert load({}) == Settings(
        data_dir=here / "data",
        database_url=f"sqlite:///{here}/data/tracker.db",
        secret_key_file=here / "data" / "secret.key",
        base_url="http://127.0.0.1:8501",
        host="127.0.0.1",
        port=8501,
        today=None,
        oidc=None,
        require_totp=False,
    )


def test_every_variable_has_its_place(tmp_path: Path) -> None:
    environment = {
        "TRACKER_DATA_DIR": str(tmp_path),
        "TRACKER_DATABASE_URL": "postgresql+psycopg://u:p@db/letters",
        "TRACKER_SECRET_KEY_FILE": "/run/secrets/key",
        "TRACKER_BASE_URL": "https://letters.example/",
        "TRACKER_HOST": "0.0.0.0",
        "TRACKER_PORT": "80",
        "TRACKER_TODAY": "2025-01-31",
        "TRACKER_OIDC_ISSUER": "https://id.example/tenant/",
        "TRACKER_OIDC_CLIENT_ID": "tracker",
        "TRACKER_OIDC_CLIENT_SECRET": "hunter2",
        "TRACKER_OIDC_NAME": "Our ID",
        "TRACKER_REQUIRE_TOTP": "yes",
    }
    assert load(environment) == Settings(
        data_dir=tmp_path,
        database_url="postgresql+psycopg://u:p@db/letters",
        secret_key_file=Path("/run/secrets/key"),
        base_url="https://letters.example",
        host="0.0.0.0",
        port=80,
        today=date(2025, 1, 31),
        oidc=Oidc("https://id.example/tenant/", "tracker", "hunter2", "Our ID"),
        require_totp=True,
    )


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    names = ["DATA_DIR", "DATABASE_URL", "SECRET_KEY_FILE", "BASE_URL", "HOST", "PORT", "TODAY"]
    names += ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME", "REQUIRE_TOTP"]
    assert load({f"TRACKER_{name}": "" for name in names}) == load({})


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        load({}).port = 1  # type: ignore[misc]


def test_paths_may_begin_at_home_or_here_and_come_out_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    found = load({"TRACKER_DATA_DIR": "~/letters", "TRACKER_SECRET_KEY_FILE": "~/key"})
    assert found.data_dir == tmp_path / "letters"
    assert found.secret_key_file == tmp_path / "key"
    found = load({"TRACKER_DATA_DIR": "letters", "TRACKER_SECRET_KEY_FILE": "keys/key"})
    assert found.data_dir == Path.cwd() / "letters"
    assert found.secret_key_file == Path.cwd() / "keys" / "key"


@pytest.mark.parametrize(
    "folder", ["plain", "with space", "50% of", "%41", "what?", "a@b", "#1", "a+b", "黄雪琴"]
)
def test_the_database_lies_in_the_data_folder_whatever_that_is_called(
    tmp_path: Path, folder: str
) -> None:
    url = load({"TRACKER_DATA_DIR": str(tmp_path / folder)}).database_url
    assert database.engine_for(url).url.database == str(tmp_path / folder / "tracker.db")
    database.engine_for(url).connect().close()
    assert (tmp_path / folder / "tracker.db").exists()
    database.engine_for(url).dispose()


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@db/x", "postgresql+psycopg://u@db/x"),
        ("postgresql://u@db/x", "postgresql+psycopg://u@db/x"),
        ("postgresql+psycopg://u@db/x", "postgresql+psycopg://u@db/x"),
        ("sqlite:////var/lib/tracker.db", "sqlite:////var/lib/tracker.db"),
    ],
)
def test_the_driver_is_ours_to_name(given: str, used: str) -> None:
    assert load({"TRACKER_DATABASE_URL": given}).database_url == used


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TRACKER_DATABASE_URL", "mysql://u@db/x"),
        ("TRACKER_DATABASE_URL", "tracker.db"),
        ("TRACKER_DATABASE_URL", "postgresql+psycopg2://u@db/x"),
        # Each connection would have a database of its own.
        ("TRACKER_DATABASE_URL", "sqlite:///:memory:"),
        ("TRACKER_DATABASE_URL", "sqlite:///"),
        ("TRACKER_DATABASE_URL", "sqlite://"),
        ("TRACKER_PORT", "http"),
        ("TRACKER_PORT", "0"),
        ("TRACKER_PORT", "65536"),
        ("TRACKER_PORT", "-1"),
        ("TRACKER_PORT", "80.0"),
        ("TRACKER_BASE_URL", "letters.example"),
        ("TRACKER_BASE_URL", "letters.example:8501"),
        ("TRACKER_BASE_URL", "ftp://letters.example"),
        ("TRACKER_BASE_URL", "https://"),
        ("TRACKER_BASE_URL", "https://[::1"),
        ("TRACKER_TODAY", "tomorrow"),
        ("TRACKER_TODAY", "2025-02-30"),
        ("TRACKER_TODAY", "31.1.2025"),
        ("TRACKER_REQUIRE_TOTP", "2"),
        ("TRACKER_REQUIRE_TOTP", "on"),
        ("TRACKER_REQUIRE_TOTP", "maybe"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_the_variables_name(
    variable: str, value: str
) -> None:
    with pytest.raises(SettingsError, match=variable):
        load({variable: value})


def test_a_refusal_never_repeats_a_password() -> None:
    with pytest.raises(SettingsError) as refused:
        load({"TRACKER_DATABASE_URL": "mysql://u:hunter2@db/x"})
    assert "hunter2" not in str(refused.value)


CLIENT = {"TRACKER_OIDC_CLIENT_ID": "tracker", "TRACKER_OIDC_CLIENT_SECRET": "hunter2"}


@pytest.mark.parametrize(
    ("issuer", "name"),
    [
        ("https://id.example", "id.example"),
        ("https://ID.example:8443/tenant", "id.example"),
        ("http://127.0.0.1:9400", "127.0.0.1"),
        ("http://localhost/", "localhost"),
        ("http://[::1]:9400", "::1"),
    ],
)
def test_an_identity_provider_is_called_like_its_host_unless_it_has_a_name(
    issuer: str, name: str
) -> None:
    found = load({**CLIENT, "TRACKER_OIDC_ISSUER": issuer}).oidc
    assert found == Oidc(issuer, "tracker", "hunter2", name)


def test_a_client_may_have_no_secret() -> None:
    found = load({"TRACKER_OIDC_ISSUER": "https://id.example", "TRACKER_OIDC_CLIENT_ID": "x"}).oidc
    assert found is not None
    assert found.client_secret == ""


@pytest.mark.parametrize(
    "issuer",
    [
        "id.example",
        "http://id.example",
        "http://127.0.0.1.id.example",
        "http://0.0.0.0",
        "ftp://id.example",
        "https://",
        "https://[::1",
        "https://id.example:port",
        "https://id.example?tenant=1",
        "https://id.example/#tenant",
        "https://user:hunter2@id.example",
        " https://id.example",
        "https://id.example\n",
    ],
)
def test_an_identity_provider_must_be_out_of_reach_of_strangers(issuer: str) -> None:
    with pytest.raises(SettingsError, match="TRACKER_OIDC_ISSUER") as refused:
        load({**CLIENT, "TRACKER_OIDC_ISSUER": issuer})
    assert "hunter2" not in str(refused.value)


def test_an_identity_provider_and_its_client_need_each_other() -> None:
    with pytest.raises(SettingsError, match=r"^TRACKER_OIDC_CLIENT_ID must"):
        load({"TRACKER_OIDC_ISSUER": "https://id.example"})
    with pytest.raises(SettingsError, match=r"^TRACKER_OIDC_ISSUER must") as refused:
        load(CLIENT)
    assert "hunter2" not in str(refused.value)


def test_the_clients_secret_is_not_shown_with_the_settings() -> None:
    found = load({**CLIENT, "TRACKER_OIDC_ISSUER": "https://id.example"})
    assert "hunter2" not in f"{found!r} {found} {found.oidc!r}"


@pytest.mark.parametrize(
    ("words", "required"),
    [(["1", "true", "yes", "True", "YES"], True), (["0", "false", "no", "No", ""], False)],
)
def test_yes_and_no_are_said_in_the_usual_ways(words: list[str], required: bool) -> None:
    for word in words:
        assert load({"TRACKER_REQUIRE_TOTP": word}).require_totp is required


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8501"),
        ("0.0.0.0", "http://127.0.0.1:8501"),
        ("::", "http://[::1]:8501"),
        ("::1", "http://[::1]:8501"),
        ("[::1]", "http://[::1]:8501"),
        ("letters.local", "http://letters.local:8501"),
    ],
)
def test_the_address_is_one_that_a_browser_here_can_open(host: str, address: str) -> None:
    assert load({"TRACKER_HOST": host}).base_url == address


@pytest.mark.parametrize(
    ("url", "secure"),
    [("https://letters.example", True), ("HTTPS://letters.example", True), ("http://x", False)],
)
def test_cookies_are_secure_where_visitors_come_over_https(url: str, secure: bool) -> None:
    assert load({"TRACKER_BASE_URL": url}).secure is secure


def test_the_environment_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_PORT", "8600")
    first = settings.current()
    monkeypatch.setenv("TRACKER_PORT", "8700")
    assert settings.current() is first
    assert first.port == 8600
    settings.use(None)
    assert settings.current().port == 8700


def test_settings_can_be_chosen_for_the_process() -> None:
    chosen = load({"TRACKER_PORT": "8900"})
    settings.use(chosen)
    assert settings.current() is chosen


def test_what_the_program_serves_is_where_it_says() -> None:
    env = settings.migrations_dir() / "env.py"
    for file in (settings.dashboard(), settings.shell(), settings.icon(), env):
        assert file.is_file(), file
    for folder in (settings.pages_dir(), settings.case_files_dir(), settings.locale_dir()):
        assert folder.is_dir(), folder
    # Beside its pages/, Streamlit would serve these without asking who is there.
    assert not settings.shell().is_relative_to(settings.app_dir() / "pages")
    assert settings.shell().parent != settings.pages_dir().parent


def test_without_a_checkout_around_it_the_package_carries_its_own_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "tracker"
    package.mkdir(parents=True)
    monkeypatch.setattr(settings, "_PACKAGE", package)
    assert settings.dashboard() == package / "_app" / "dashboard.py"
    assert settings.migrations_dir() == package / "_app" / "db"


def test_the_server_is_started_with_the_interpreter_that_runs_this() -> None:
    assert Path(settings.python()).is_file()
