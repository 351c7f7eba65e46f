"""History that others recorded: Open Terms Archive repositories, Wayback Machine captures.

repositories.py and captures.py know how those archives are asked; history.py keeps what they
answer by the steps of a live read; open_terms_archive.py and wayback.py bring the two together.
"""
