"""``python -m workbook.cli``: the same as the command ``workbook``."""

import sys

from workbook.cli import main

sys.exit(main())
