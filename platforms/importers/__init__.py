"""History that others recorded: Open Terms Archive repositories, Wayback Machine captures.

repositories.py and captures.py read those archives; history.py stores their records with the
same steps as a visit; open_terms_archive.py and wayback.py connect the two.
"""
