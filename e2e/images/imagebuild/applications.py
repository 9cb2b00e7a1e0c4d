"""The applications of the demo and of the end-to-end stories, unmodified, from their own packages."""

import shutil
from pathlib import Path

from .cache import digest
from .layers import Image, layer
from .python import VERSION, application_layer

RECIPES = Path(__file__).resolve().parents[1]


def ihatemoney(_options):
    """A shared budget manager: Flask, SQLAlchemy and Alembic, with a REST interface."""
    recipe = RECIPES / "ihatemoney"
    base, environment = application_layer("ihatemoney", recipe / "requirements.txt", "30 seconds")

    def configure(folder):
        settings = folder / "etc/ihatemoney/ihatemoney.cfg"
        settings.parent.mkdir(parents=True)
        shutil.copyfile(recipe / settings.name, settings)
        # The schema command looks for its revisions below the working directory.
        work = folder / "srv/ihatemoney"
        work.mkdir(parents=True)
        (work / "migrations").symlink_to(f"/opt/ihatemoney/lib/python{VERSION}/site-packages/ihatemoney/migrations")

    key = digest([], [recipe / "ihatemoney.cfg", Path(__file__)])
    configuration = layer("ihatemoney-configuration", key, configure, "1 second")
    config = {
        "User": "1000:1000",
        "Env": [*environment_of("ihatemoney"), "IHATEMONEY_SETTINGS_FILE_PATH=/etc/ihatemoney/ihatemoney.cfg"],
        "WorkingDir": "/srv/ihatemoney",
        "Cmd": ["gunicorn", "--bind=0.0.0.0:8000", "--workers=1", "--threads=4", "--worker-tmp-dir=/tmp", "--no-control-socket", "ihatemoney.wsgi:application"],
        "ExposedPorts": {"8000/tcp": {}},
    }
    return Image("registry.local/ihatemoney:1", config, [base, environment, configuration])


def phoenix(_options):
    """Arize Phoenix, with the driver for PostgreSQL."""
    recipe = RECIPES / "phoenix"
    base, environment = application_layer("phoenix", recipe / "requirements.txt", "3 minutes")
    config = {
        "User": "65532:65532",
        "Env": [*environment_of("phoenix"), "PHOENIX_WORKING_DIR=/data", "PHOENIX_TELEMETRY_ENABLED=false"],
        "WorkingDir": "/tmp",
        "Cmd": ["phoenix", "serve"],
        "ExposedPorts": {"6006/tcp": {}, "4317/tcp": {}},
    }
    return Image("registry.local/phoenix:1", config, [base, environment])


def environment_of(name):
    return [f"PATH=/opt/{name}/bin:/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/tmp", "PYTHONUNBUFFERED=1"]
