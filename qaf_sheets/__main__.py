"""`python -m qaf_sheets`."""

import sys

from qaf_sheets.cli import main

if __name__ == "__main__":
    sys.exit(main())
