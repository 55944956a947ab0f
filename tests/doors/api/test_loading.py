"""What the API or S3 needs is loaded by who uses it, and by nothing else: the command line starts as fast as before."""

from tests.loading import modules_loaded_by


def test_commands_load_nothing_of_the_api_or_s3() -> None:
    loaded = modules_loaded_by(
        "import importlib; from instroom.config import setup; setup();"
        "from instroom.doors.cli.command_loader import COMMANDS;"
        "[importlib.import_module(one.module if '.' in one.module else f'instroom.doors.cli.commands.{one.module}')"
        " for one in COMMANDS.values()]"
    )
    assert "django" in loaded
    assert loaded & {"ninja", "pydantic", "boto3", "instroom.doors.api.application"} == set()
