"""`mldebt diff` and the hooks say which copies did not follow a change, in Python files and in notebooks."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

