"""What owners of a family change together until they hand it in: one verb a file. Read `open_working_copy.py` first."""
