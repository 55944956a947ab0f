"""`python -m instroom`: as `instroom`, by the Python that runs it."""

import sys

from instroom.doors.cli.main import main

sys.exit(main())
