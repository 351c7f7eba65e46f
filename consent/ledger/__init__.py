"""The read model: all figures and dates on public pages come from here."""
