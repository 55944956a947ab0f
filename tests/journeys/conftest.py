"""Playwright's loop runs in the thread of the test, which Django takes for asynchronous code; it is not."""

import os

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
