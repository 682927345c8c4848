"""The kit's samples: rendered, served, and opened in a real browser."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from tests.look.page_maker import with_samples


@pytest.fixture(scope="session")
def look_app(make_app: Callable[..., Flask]) -> Flask:
    return with_samples(make_app)


@pytest.fixture
def look(look_app: Flask) -> FlaskClient:
    return look_app.test_client()


@pytest.fixture(scope="session")
def look_url(look_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, look_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
