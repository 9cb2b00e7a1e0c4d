"""Writes down what SQLAlchemy hands to the drivers for the URLs of the presets, into recorded.json beside this file.

Needs: pip install sqlalchemy. Run it again when a URL of src/test/resources/presets has changed.
"""

import ast
import json
import pathlib
import re

import sqlalchemy

HERE = pathlib.Path(__file__).parent
APPLICATIONS = [
    "airflow",
    "codex-lb",
    "home-assistant",
    "langflow",
    "mlflow",
    "open-webui",
    "phoenix",
    "pipelit",
    "prefect",
    "superset",
]


def values(preset):
    """The values of a golden file by backend: in one line quoted as JSON quotes, or a block of one line."""
    backend = None
    for line in (HERE.parent / "presets" / f"{preset}.yaml").read_text().splitlines():
        if match := re.fullmatch(r"(\w+):", line):
            backend = match[1]
        elif match := re.fullmatch(r'  [\w.]+: (".*")', line):
            yield backend, json.loads(match[1])
        elif match := re.fullmatch(r"    (\S.*)", line):
            yield backend, match[1] + "\n"


def url(value):
    """The URL in a variable, in a line of YAML or in a line of Python."""
    if value.startswith("SQLALCHEMY_DATABASE_URI = "):
        return ast.literal_eval(value.partition(" = ")[2].strip())
    if value.startswith("recorder_db: "):
        return json.loads(value.partition(": ")[2])
    return value if "://" in value else None


recorded = {}
for application in APPLICATIONS:
    for backend, value in values(application):
        if found := url(value):
            parsed = sqlalchemy.make_url(found)
            args, options = parsed.get_dialect()().create_connect_args(parsed)
            recorded.setdefault(application, {})[backend] = {
                "value": value,
                "driver": parsed.drivername,
                "arguments": args,
                "options": {k: v for k, v in options.items() if isinstance(v, (str, int))},
            }
(HERE / "recorded.json").write_text(
    json.dumps({"sqlalchemy": sqlalchemy.__version__, "presets": recorded}, indent=2, ensure_ascii=False) + "\n"
)
