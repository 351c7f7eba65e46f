"""Pictures: pure functions from plain data to geometry. Templates under pictures/ draw them.

Every x is a percentage, so that a picture fills the width it is given while its words, which are
text of the page beside it, keep their size.
"""
